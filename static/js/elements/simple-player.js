import { shortcut } from "../keys.js";
import { paintRange } from "../range.js";
import { clock } from "../time.js";

const VIDEO_EVENTS = ["play", "pause", "timeupdate", "loadedmetadata", "volumechange", "ended", "error"];
const IDLE_AFTER = 2500;

/**
 * Our own controls around a native <video>. Sound never starts by itself; data-autoplay starts it muted, and not
 * for people who asked for less motion. data-touched stays once a person has played it, so that nobody swaps it away.
 */
class SimplePlayer extends HTMLElement {
  #video;
  #idle = 0;

  connectedCallback() {
    this.#video = this.querySelector("video");
    if (!this.#video) return;
    this.#video.controls = false;
    this.querySelector(".player__bar").hidden = false;
    for (const name of VIDEO_EVENTS) this.#video.addEventListener(name, this);
    for (const name of ["click", "input", "keydown", "pointermove", "pointerleave", "dblclick"]) {
      this.addEventListener(name, this);
    }
    document.addEventListener("fullscreenchange", this);
    this.#autoplay();
    this.#show();
  }

  disconnectedCallback() {
    clearTimeout(this.#idle);
    document.removeEventListener("fullscreenchange", this);
    for (const name of VIDEO_EVENTS) this.#video?.removeEventListener(name, this);
    for (const name of ["click", "input", "keydown", "pointermove", "pointerleave", "dblclick"]) {
      this.removeEventListener(name, this);
    }
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "dblclick" && event.target === this.#video) this.#toggleScreen();
    else if (event.type === "input") this.#seek(Number(event.target.value) / 1000 * this.#length);
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "pointermove") this.#stayAwake();
    else if (event.type === "pointerleave") this.#fallAsleep();
    else this.#show();
  }

  get #length() {
    return Number.isFinite(this.#video.duration) ? this.#video.duration : 0;
  }

  #onClick(event) {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "play" || event.target === this.#video) this.#togglePlay();
    else if (act === "sound") this.#video.muted = !this.#video.muted;
    else if (act === "screen") this.#toggleScreen();
  }

  #onKey(event) {
    const key = shortcut(event);
    const onButton = event.target.closest("button");
    const acts = {
      " ": () => !onButton && this.#togglePlay(),
      k: () => this.#togglePlay(),
      ArrowLeft: () => this.#seek(this.#video.currentTime - 1),
      ArrowRight: () => this.#seek(this.#video.currentTime + 1),
      m: () => (this.#video.muted = !this.#video.muted),
      f: () => this.#toggleScreen(),
    };
    const act = acts[key];
    if (!act || (key === " " && onButton)) return;
    event.preventDefault();
    act();
  }

  #togglePlay() {
    this.dataset.touched = "";
    if (!this.#video.paused) this.#video.pause();
    else this.#video.play().catch(() => this.#show());
  }

  #toggleScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.requestFullscreen?.().catch(() => {});
  }

  #seek(seconds) {
    this.#video.currentTime = Math.min(Math.max(0, seconds), this.#length);
    this.#show();
  }

  #autoplay() {
    const wantsLess = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.dataset.autoplay === undefined || wantsLess) return;
    this.#video.muted = true;
    this.#video.play().catch(() => this.#show());
  }

  #show() {
    const { currentTime, paused, muted, volume } = this.#video;
    const isFull = document.fullscreenElement === this;
    this.toggleAttribute("data-paused", paused);
    this.toggleAttribute("data-muted", muted || !volume);
    this.toggleAttribute("data-fullscreen", isFull);
    this.#name("play", paused ? "Play" : "Pause");
    this.#name("sound", muted ? "Turn the sound on" : "Turn the sound off");
    this.#name("screen", isFull ? "Leave full screen" : "Full screen");
    this.querySelector("[data-show=now]").textContent = clock(currentTime);
    if (this.#length) this.querySelector("[data-show=length]").textContent = clock(Math.round(this.#length));
    this.#showPosition(currentTime);
    if (paused) this.#stayAwake();
  }

  #showPosition(currentTime) {
    const scrub = this.querySelector("input[type=range]");
    scrub.value = String(this.#length ? Math.round((currentTime / this.#length) * 1000) : 0);
    scrub.setAttribute("aria-valuetext", `${clock(currentTime)} of ${clock(Math.round(this.#length))}`);
    paintRange(scrub);
  }

  #name(act, name) {
    this.querySelector(`[data-act=${act}]`)?.setAttribute("aria-label", name);
  }

  #stayAwake() {
    delete this.dataset.idle;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#fallAsleep(), IDLE_AFTER);
  }

  #fallAsleep() {
    if (!this.#video.paused && !this.querySelector(".player__bar :focus-visible")) this.dataset.idle = "";
  }
}

customElements.define("simple-player", SimplePlayer);
