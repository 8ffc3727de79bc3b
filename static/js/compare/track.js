import { frameAt, middleOf } from "../review/timecode.js";
import { once, seek } from "../seek.js";

const GAIN = 2.5; // how hard a clip that is off is pulled back, per second
const MOST_NUDGE = 0.08;
const CLOSE_ENOUGH = 0.12; // of a frame
const SETTLES_IN = 350; // ms after a seek, until a clip may be sought again
const STALLS_AFTER = 250;

/**
 * One film on the common clock. `offset` is how many of its own frames it shows ahead of the others.
 * Times are seconds. It follows by playing a little faster or slower; it is sought only when it is off by more than
 * a frame.
 */
export class Track {
  #lead = 0.05; // how long its seeks take, learned
  #soughtAt = -Infinity;
  #waitsSince = 0;

  constructor(video) {
    this.video = video;
    this.slot = video.dataset.slot;
    this.fps = Number(video.dataset.fps);
    this.frames = Number(video.dataset.frames);
    this.hasSound = video.dataset.hasSound !== undefined;
    this.offset = Number(video.dataset.offset ?? 0);
    video.controls = false;
  }

  /** Where the film is on the common clock. */
  get now() {
    return this.video.currentTime - this.shift;
  }

  get shift() {
    return this.offset / this.fps;
  }

  /** When on the common clock its last frame is over. */
  get end() {
    return this.frames / this.fps - this.shift;
  }

  get isBroken() {
    return Boolean(this.video.error);
  }

  /** Whether it has a moving picture at this time: not before its first frame, not from its last one on. */
  runsAt(time) {
    const own = time + this.shift;
    return !this.isBroken && own >= 0 && own < (this.frames - 0.5) / this.fps;
  }

  /** Shows exactly the frame of this time, still. Done when it is on screen. */
  async park(time) {
    this.video.pause();
    const frame = frameAt(Math.max(0, time + this.shift), this.fps);
    await this.#seek(middleOf(Math.min(frame, this.frames - 1), this.fps));
  }

  /** Stands still where it has to be to run from this time on. */
  async ready(time) {
    this.video.pause();
    const own = time + this.shift;
    await this.#seek(this.runsAt(time) ? own : middleOf(own < 0 ? 0 : this.frames - 1, this.fps));
  }

  play(speed) {
    this.video.playbackRate = speed;
    return this.video.play().catch(() => {});
  }

  /** Keeps it to the time of the clock while it runs. */
  follow(time, speed) {
    if (!this.runsAt(time)) {
      if (!this.video.paused) this.park(time);
      return;
    }
    if (this.video.ended) return; // a little early, as in Firefox: played again it would begin anew, by itself
    if (this.video.paused) this.play(speed);
    if (this.video.seeking) return;
    const off = this.video.currentTime - (time + this.shift);
    const isSettled = performance.now() - this.#soughtAt > SETTLES_IN;
    if (Math.abs(off) * this.fps > 1 && isSettled) this.#jump(time + this.shift, speed);
    else this.#pace(Math.abs(off) * this.fps < CLOSE_ENOUGH ? speed : speed * (1 - nudge(off)));
  }

  /** Plays at the clock's own pace: what leads is never pulled. */
  lead(speed) {
    this.#pace(speed);
  }

  /** Whether it has had no picture to go on with for a while. */
  stalls(time, now) {
    const isWaiting = this.runsAt(time) && this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !this.video.ended;
    if (!isWaiting) this.#waitsSince = 0;
    else if (!this.#waitsSince) this.#waitsSince = now;
    return isWaiting && now - this.#waitsSince > STALLS_AFTER;
  }

  /** Done when it can play on, or never will. */
  whenFed() {
    this.#waitsSince = 0;
    if (this.video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA || this.isBroken) return Promise.resolve();
    return once(this.video, "canplay", "error");
  }

  #pace(rate) {
    if (Math.abs(this.video.playbackRate - rate) > 0.001) this.video.playbackRate = rate;
  }

  // It plays on while it seeks, so it is sent to where the others will be when it is there.
  async #jump(own, speed) {
    const began = performance.now();
    this.#soughtAt = began;
    this.#pace(speed);
    await this.#seek(Math.min(own + this.#lead * speed, middleOf(this.frames - 1, this.fps)));
    this.#soughtAt = performance.now();
    this.#lead = 0.5 * this.#lead + 0.5 * Math.min(0.5, (this.#soughtAt - began) / 1000);
  }

  async #seek(own) {
    const { video } = this;
    if (video.readyState < HTMLMediaElement.HAVE_METADATA && !this.isBroken) await once(video, "loadedmetadata", "error");
    if (this.isBroken || (!video.seeking && Math.abs(video.currentTime - own) < 0.0005)) return;
    await seek(video, own);
  }
}

function nudge(off) {
  return Math.min(Math.max(off * GAIN, -MOST_NUDGE), MOST_NUDGE);
}
