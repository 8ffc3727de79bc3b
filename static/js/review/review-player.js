import { paintRange } from "../range.js";
import { Film } from "./film.js";
import { keepSound } from "./kept-sound.js";
import { PlayerKeys } from "./player-keys.js";
import { Stretch } from "./stretch.js";
import { timecode } from "./timecode.js";
import { Zoom } from "./zoom.js";

const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];
const OWN_EVENTS = ["click", "dblclick", "input"];
const VIDEO_EVENTS = ["play", "pause", "volumechange", "ratechange", "loadedmetadata", "error"];

/**
 * A film to judge: data-fps, data-frames, data-start (the frame to open on). Frames count from 0.
 *
 * `frame`, `frames`, `fps`, `isPlaying`; `seek(frame)`, `play()`, `pause()`, `setRange(first, last)`, `clearRange()`.
 * Tells, bubbling: "framechange" {frame}, "rangechange" {first, last} or null, "playchange" {isPlaying}.
 */
class ReviewPlayer extends HTMLElement {
  #video;
  #film;
  #keys;

  connectedCallback() {
    this.#video = this.querySelector("video");
    this.#film = new Film(this.#video, {
      fps: Number(this.dataset.fps),
      frames: Number(this.dataset.frames),
      onFrame: (frame) => this.#onFrame(frame),
    });
    this.stretch = new Stretch(this.#film, this.#video, () => this.#onStretch());
    this.zoom = new Zoom(this.#part("stage"), this.#part("picture"), (scale) => this.#showZoom(scale));
    this.#keys = new PlayerKeys(this);
    this.#takeOver();
    for (const name of OWN_EVENTS) this.addEventListener(name, this);
    for (const name of VIDEO_EVENTS) this.#video.addEventListener(name, this);
    document.addEventListener("fullscreenchange", this);
    this.seek(Number(this.dataset.start ?? 0));
    this.#show();
    this.#showFrame();
  }

  disconnectedCallback() {
    this.#film.leave();
    this.stretch.leave();
    this.#keys.leave();
    for (const name of OWN_EVENTS) this.removeEventListener(name, this);
    for (const name of VIDEO_EVENTS) this.#video.removeEventListener(name, this);
    document.removeEventListener("fullscreenchange", this);
  }

  get frame() {
    return this.#film.frame;
  }

  get frames() {
    return this.#film.frames;
  }

  get fps() {
    return this.#film.fps;
  }

  get isPlaying() {
    return !this.#video.paused;
  }

  seek(frame) {
    this.#film.seek(frame);
  }

  step(frames) {
    this.pause();
    this.seek(this.frame + frames);
  }

  play() {
    const start = this.stretch.startFor(this.frame);
    if (start !== this.frame) this.seek(start);
    return this.#video.play().catch(() => this.#show());
  }

  pause() {
    if (!this.isPlaying) return;
    this.#video.pause();
    this.seek(this.frame); // At once: another frame may come by until the film says that it rests.
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  faster() {
    if (this.isPlaying) this.#setSpeed(SPEEDS.find((speed) => speed > this.#video.playbackRate));
    else this.play();
  }

  slower() {
    this.#setSpeed(SPEEDS.findLast((speed) => speed < this.#video.playbackRate));
    if (!this.isPlaying) this.play();
  }

  setRange(first, last) {
    this.stretch.set(first, last);
  }

  clearRange() {
    this.stretch.clear();
  }

  toggleSound() {
    this.#video.muted = !this.#video.muted;
    if (!this.#video.muted && this.#video.volume === 0) this.#video.volume = 1;
  }

  toggleScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.requestFullscreen) this.requestFullscreen().catch(() => {});
    else this.#video.webkitEnterFullscreen?.();
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "input") this.#onVolume(event.target);
    else if (event.type === "dblclick") this.#onDoubleClick(event);
    else this.#show();
    if (event.type === "play" || event.type === "pause") this.#tell("playchange", { isPlaying: this.isPlaying });
  }

  /** Our controls instead of the browser's; the picture's box has the film's own shape. */
  #takeOver() {
    this.#video.controls = false;
    for (const part of this.querySelectorAll("[data-needs-script]")) part.hidden = false;
    this.style.setProperty("--ratio", this.#video.getAttribute("width") / this.#video.getAttribute("height"));
    keepSound(this.#video);
  }

  #onClick(event) {
    const button = event.target.closest("[data-act], [data-speed]");
    if (!button) {
      if (this.#isOnPicture(event)) this.toggle();
      return;
    }
    if (button.dataset.speed) this.#setSpeed(Number(button.dataset.speed));
    else this.#acts[button.dataset.act]?.();
    button.closest("menu-button")?.close();
  }

  get #acts() {
    return {
      play: () => this.toggle(),
      back: () => this.step(-1),
      forward: () => this.step(1),
      sound: () => this.toggleSound(),
      screen: () => this.toggleScreen(),
      loop: () => this.stretch.loop(!this.stretch.isLooping),
      begin: () => this.stretch.begin(this.frame),
      end: () => this.stretch.end(this.frame),
      whole: () => this.clearRange(),
      closer: () => this.zoom.closer(),
      fit: () => this.zoom.fit(),
    };
  }

  #isOnPicture(event) {
    return event.target === this.#video && !this.zoom.hasMoved;
  }

  #onDoubleClick(event) {
    if (this.#isOnPicture(event)) this.zoom.toggleAt(event);
  }

  #onVolume(input) {
    if (input.dataset.act !== "volume") return;
    this.#video.volume = Number(input.value) / 100;
    this.#video.muted = this.#video.volume === 0;
  }

  #setSpeed(speed) {
    if (speed) this.#video.playbackRate = speed;
  }

  #onFrame(frame) {
    if (this.isPlaying) this.stretch.pass(frame);
    this.#showFrame();
    this.#tell("framechange", { frame });
  }

  #onStretch() {
    for (const button of this.querySelectorAll("[data-act=loop]")) {
      button.setAttribute("aria-pressed", String(this.stretch.isLooping));
    }
    this.toggleAttribute("data-looping", this.stretch.isLooping);
    this.#tell("rangechange", this.stretch.range);
  }

  #showFrame() {
    this.#say("now", timecode(this.frame, this.fps));
    this.#say("frame", String(this.frame));
  }

  #showZoom(scale) {
    this.#part("zoom").hidden = scale === 1;
    this.#say("zoom", `${Math.round(scale * 100)}%`);
  }

  #show() {
    const { paused, muted, volume, playbackRate } = this.#video;
    const isFull = document.fullscreenElement === this;
    const isSilent = muted || volume === 0;
    this.toggleAttribute("data-paused", paused);
    this.toggleAttribute("data-muted", isSilent);
    this.toggleAttribute("data-fullscreen", isFull);
    this.#name("play", paused ? "Play" : "Pause");
    this.#name("sound", isSilent ? "Turn the sound on" : "Turn the sound off");
    this.#name("screen", isFull ? "Leave full screen" : "Full screen");
    this.#part("broken").hidden = !this.#video.error;
    this.#say("speed", `${playbackRate}×`);
    for (const item of this.querySelectorAll("[data-speed]")) {
      item.setAttribute("aria-pressed", String(Number(item.dataset.speed) === playbackRate));
    }
    const slider = this.querySelector("[data-act=volume]");
    slider.value = String(isSilent ? 0 : Math.round(volume * 100));
    paintRange(slider);
  }

  #name(act, name) {
    this.querySelector(`[data-act=${act}]`)?.setAttribute("aria-label", name);
  }

  #say(part, text) {
    for (const place of this.querySelectorAll(`[data-show=${part}]`)) {
      if (place.textContent !== text) place.textContent = text;
    }
  }

  #part(name) {
    return this.querySelector(`.review-player__${name}`);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

customElements.define("review-player", ReviewPlayer);
