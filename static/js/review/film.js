import { frameAt, frameShownAt, middleOf } from "./timecode.js";

const VIDEO_EVENTS = ["loadedmetadata", "seeked", "pause", "play", "ended", "timeupdate"];
const HAS_FRAME_CALLBACK = "requestVideoFrameCallback" in HTMLVideoElement.prototype;

/**
 * A <video> counted in frames, from 0. Every seek goes to the middle of a frame, so that no rounding shows its
 * neighbour; while one is under way only the last wish is kept. `onFrame(frame)` is told of every other frame on
 * screen: by requestVideoFrameCallback where it exists, else from the film's own clock. A pause settles on the very
 * frame that was shown.
 */
export class Film {
  #video;
  #onFrame;
  #shown = 0;
  #wanted = null;
  #sought = null;
  #isAsked = false;

  constructor(video, { fps, frames, onFrame }) {
    this.#video = video;
    this.fps = fps;
    this.frames = frames;
    this.#onFrame = onFrame;
    for (const name of VIDEO_EVENTS) video.addEventListener(name, this);
    this.#ask();
  }

  leave() {
    for (const name of VIDEO_EVENTS) this.#video.removeEventListener(name, this);
  }

  get frame() {
    return this.#wanted ?? this.#shown;
  }

  get last() {
    return this.frames - 1;
  }

  /** Show a frame; beyond either end it is the first or the last one. */
  seek(frame) {
    const before = this.frame;
    this.#wanted = Math.min(Math.max(0, Math.round(frame)), this.last);
    if (this.frame !== before) this.#onFrame(this.frame);
    if (this.#sought === null && this.#video.readyState > 0) this.#go();
  }

  handleEvent(event) {
    if (event.type === "loadedmetadata" && this.#wanted !== null) this.#go();
    else if (event.type === "seeked") this.#arrive();
    else if (event.type === "pause" && !this.#video.ended) this.seek(this.frame);
    else if (event.type === "ended") this.seek(this.last);
    else if (event.type === "play") this.#ask();
    else if (event.type === "timeupdate" && !HAS_FRAME_CALLBACK) this.#see(frameAt(this.#video.currentTime, this.fps));
  }

  #go() {
    this.#sought = this.#wanted;
    this.#video.currentTime = middleOf(this.#sought, this.fps);
  }

  #arrive() {
    if (this.#sought === null) return;
    if (this.#wanted !== this.#sought) return this.#go();
    this.#shown = this.#sought;
    this.#wanted = this.#sought = null;
  }

  #see(frame) {
    if (this.#wanted !== null || frame === this.#shown || frame > this.last) return;
    this.#shown = frame;
    this.#onFrame(frame);
  }

  /** Look at every frame that is put on screen; one question is open at a time. */
  #ask() {
    if (this.#isAsked) return;
    if (HAS_FRAME_CALLBACK) {
      this.#isAsked = true;
      this.#video.requestVideoFrameCallback((now, { mediaTime }) => {
        this.#isAsked = false;
        this.#see(frameShownAt(mediaTime, this.fps));
        this.#ask();
      });
    } else if (!this.#video.paused) {
      this.#isAsked = true;
      requestAnimationFrame(() => {
        this.#isAsked = false;
        this.#see(frameAt(this.#video.currentTime, this.fps));
        this.#ask();
      });
    }
  }
}
