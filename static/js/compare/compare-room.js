import { shortcut } from "../keys.js";
import { keep, taking } from "./address.js";
import { CompareClock } from "./clock.js";
import { Track } from "./track.js";

const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2];
const SECOND_KEY_WITHIN = 1500;

/**
 * The room that the parts of Compare share: the clock, the way of looking (data-view) and what is heard. It takes the
 * keys that all ways of looking have in common; its parts take their own first, as "compare-key" events.
 */
class CompareRoom extends HTMLElement {
  #wentUntil = 0;

  connectedCallback() {
    const tracks = [...this.querySelectorAll("video[data-slot]")].map((video) => new Track(video));
    this.clock = tracks.length ? new CompareClock(tracks) : null;
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
    if (!this.clock) return;
    this.clock.loops = this.dataset.loops !== undefined;
    this.clock.speed = Number(this.dataset.speed);
    this.hear(this.dataset.sound, { isKept: true });
    this.clock.addEventListener("change", this);
    this.clock.addEventListener("tick", this);
    this.clock.seek(Number(this.dataset.frame));
    this.dataset.ready = "";
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
    this.clock?.stop();
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "click") this.#onClick(event);
    else if (!this.clock.isPlaying) keep({ frame: this.clock.frame });
  }

  get view() {
    return this.dataset.view;
  }

  set view(view) {
    this.dataset.view = view;
    for (const link of document.querySelectorAll(".compare-bar [data-view]")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    keep({ view });
    this.dispatchEvent(new Event("viewchange"));
  }

  hear(slot, { isKept = false } = {}) {
    this.dataset.sound = slot;
    this.clock?.hear(slot);
    if (!isKept) keep({ sound: slot || "none" });
    this.dispatchEvent(new Event("soundchange"));
  }

  /** Slower or faster by one of the usual speeds. */
  faster(by) {
    const at = SPEEDS.indexOf(this.clock.speed);
    this.setSpeed(SPEEDS[Math.min(Math.max(at + by, 0), SPEEDS.length - 1)]);
  }

  setSpeed(speed) {
    this.clock.speed = speed;
    keep({ speed });
  }

  setLoop(loops) {
    this.clock.loops = loops;
    keep({ loop: loops ? 1 : 0 });
  }

  shift(slot, frames) {
    this.clock.shift(slot, frames);
    keep({ [`offset_${slot}`]: frames });
  }

  toggleScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.querySelector(".compare-room__screen").requestFullscreen?.().catch(() => {});
  }

  showKeys() {
    document.getElementById("compare-keys").showModal();
  }

  #onClick(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest?.(".compare-bar a[data-view]");
    const picks = event.target.closest?.("a[data-picks]");
    if (link && this.clock) {
      event.preventDefault();
      this.view = link.dataset.view;
    } else if (picks) picks.href = taking(picks);
  }

  #onKey(event) {
    const key = shortcut(event);
    if (!key || !this.clock || event.defaultPrevented) return;
    // The second key of "G L" and its like belongs to the page.
    const isSecond = event.timeStamp < this.#wentUntil;
    this.#wentUntil = key === "g" ? event.timeStamp + SECOND_KEY_WITHIN : 0;
    if (isSecond || event.target.closest?.("details[open]")) return;
    const onControl = event.target.closest?.("button, a, summary, input, [role=slider]");
    const isTaken = !this.dispatchEvent(new CustomEvent("compare-key", { detail: { key, onControl }, cancelable: true }));
    if (isTaken || this.#common(key, event.shiftKey, onControl)) event.preventDefault();
  }

  #common(key, hasShift, onControl) {
    const second = Math.round(this.clock.fps);
    const acts = {
      k: () => this.clock.toggle(),
      j: () => this.faster(-1),
      l: () => this.faster(1),
      f: () => this.toggleScreen(),
      "?": () => this.showKeys(),
    };
    if (key === " " && !onControl?.matches("button, a, summary")) acts[key] = acts.k;
    if (!onControl?.matches("input, [role=slider]")) {
      acts.ArrowLeft = () => this.clock.step(hasShift ? -second : -1);
      acts.ArrowRight = () => this.clock.step(hasShift ? second : 1);
    }
    acts[key]?.();
    return Boolean(acts[key]);
  }
}

customElements.define("compare-room", CompareRoom);
