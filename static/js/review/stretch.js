/**
 * The stretch between an in and an out point, and going round. `film` and `video` are the player's; `onChange` is
 * told of every other stretch. Without a stretch it is the whole film.
 */
export class Stretch {
  #film;
  #video;
  #onChange;
  #wasLooping = false;
  first = null;
  last = null;
  isLooping = false;

  constructor(film, video, onChange) {
    this.#film = film;
    this.#video = video;
    this.#onChange = onChange;
    video.addEventListener("ended", this);
  }

  leave() {
    this.#video.removeEventListener("ended", this);
  }

  /** A stretch that ends with the film: the film may be over before its last frame was told of. */
  handleEvent() {
    if (!this.isSet || !this.isLooping) return;
    this.#film.seek(this.first);
    this.#video.play().catch(() => {});
  }

  get isSet() {
    return this.first !== null;
  }

  /** @returns {{first: number, last: number} | null} */
  get range() {
    return this.isSet ? { first: this.first, last: this.last } : null;
  }

  /** A stretch goes round from the start; without one it is again as it was before. */
  set(first, last) {
    if (!this.isSet) {
      this.#wasLooping = this.isLooping;
      this.isLooping = true;
    }
    const [low, high] = [first, last].map((frame) => Math.min(Math.max(0, Math.round(frame)), this.#film.last));
    [this.first, this.last] = [Math.min(low, high), Math.max(low, high)];
    this.#change();
  }

  clear() {
    if (!this.isSet) return;
    this.first = this.last = null;
    this.isLooping = this.#wasLooping;
    this.#change();
  }

  /** An in point behind the out point moves that to the end, and the other way round. */
  begin(frame) {
    const last = this.isSet && this.last > frame ? this.last : this.#film.last;
    this.set(frame, last);
  }

  end(frame) {
    const first = this.isSet && this.first < frame ? this.first : 0;
    this.set(first, frame);
  }

  loop(isLooping) {
    this.isLooping = isLooping;
    this.#change();
  }

  /** Where playing begins when it is asked for at this frame. */
  startFor(frame) {
    if (!this.isSet) return frame >= this.#film.last ? 0 : frame;
    return frame < this.first || frame >= this.last ? this.first : frame;
  }

  /**
   * Called for every frame while the film plays. The way back begins with the last frame, which stays on screen until
   * the first one has arrived: any wait here would show the frame behind it whenever the browser is late.
   */
  pass(frame) {
    if (!this.isSet || frame < this.last) return;
    if (this.isLooping) return this.#film.seek(this.first);
    this.#video.pause();
    this.#film.seek(this.last);
  }

  #change() {
    this.#video.loop = this.isLooping && !this.isSet;
    this.#onChange();
  }
}
