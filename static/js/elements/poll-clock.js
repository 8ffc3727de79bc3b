import { renewToken } from "../csrf.js";
import { ask } from "../ask.js";

const SOON = 2000;
const LATER = 5000;
const SLOW = 15000;
const RARELY = 30000;
const FULL_LOOK_EVERY = 30000;

/**
 * The page's one poll. Asks data-url in the design's rhythm: every 2 s while the youngest take (data-youngest, its age
 * in seconds when the page was made) is under 2 minutes old, then 5 s, 15 s after 10 minutes, 30 s with nothing under
 * way; never with data-over. Every 30 s without an answer; once signed out, not before the person comes back.
 * A hidden tab is silent, unless the person asked to be told: then every 15 s while something is under way.
 * "works-changed" (a press on the page has set something going) makes it look at once, also for a person who has
 * looked away since and asked to be told, and "clock-zero" (a countdown is over) soon. The answer morphs this element,
 * so its state outlives it.
 */
class PollClock extends HTMLElement {
  static observedAttributes = ["data-url", "data-youngest", "data-over"];
  #timer = 0;
  #since = performance.now();
  #lastFullLook = performance.now();
  #isAway = false;
  #isSignedOut = false;

  connectedCallback() {
    document.addEventListener("visibilitychange", this);
    addEventListener("online", this);
    this.addEventListener("htmx:after:request", this);
    this.addEventListener("htmx:error", this);
    this.addEventListener("works-changed", this);
    document.addEventListener("clock-zero", this);
    this.#plan();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this);
    removeEventListener("online", this);
    document.removeEventListener("clock-zero", this);
  }

  attributeChangedCallback(name) {
    if (name === "data-youngest") this.#since = performance.now();
    if (this.isConnected) this.#plan();
  }

  handleEvent(event) {
    if (event.type === "htmx:after:request") this.#heard(event.detail?.ctx?.response?.raw?.status ?? 0);
    else if (event.type === "htmx:error") this.#isAway = true;
    else if (event.type === "works-changed") return this.#lookAfter(event.detail);
    else if (event.type === "clock-zero") return this.#plan(SOON);
    else if (event.type === "online" || !document.hidden) return this.#comeBack();
    this.#plan();
  }

  get pause() {
    if (this.#isAway || this.dataset.youngest === undefined) return RARELY;
    if (document.hidden) return SLOW;
    const age = Number(this.dataset.youngest) + (performance.now() - this.#since) / 1000;
    if (age < 120) return SOON;
    return age < 600 ? LATER : SLOW;
  }

  get #isSilent() {
    const isWatched = !document.hidden || (this.dataset.youngest !== undefined && globalThis.Notification?.permission === "granted");
    return !isWatched || this.#isSignedOut || this.dataset.over !== undefined;
  }

  #plan(pause = this.pause) {
    clearTimeout(this.#timer);
    if (!this.#isSilent) this.#timer = setTimeout(() => this.#ask(), pause);
  }

  async #comeBack() {
    if (this.#isSignedOut) await renewToken().catch(() => {});
    this.#isSignedOut = false;
    this.#ask();
  }

  /**
   * A press's answer shows a take as it was at `seen`. If a poll was quicker and brought something later, that answer
   * has just hidden it: ask again from there. The button that was pressed may be gone: focus stays with its take.
   */
  #lookAfter({ seen, pressed }) {
    if (document.activeElement === document.body) document.getElementById(pressed)?.focus({ preventScroll: true });
    this.dataset.youngest ??= 0;
    this.dataset.url = this.dataset.url.replace(/seen=(\d+)/, (_, known) => `seen=${Math.min(known, seen)}`);
    this.#ask();
  }

  #ask() {
    this.#plan();
    if (!this.#isSilent) ask("GET", this.#address(), { source: this, swap: "none" }).catch(() => {});
  }

  /** Now and then without the shortcut, so that the server looks whether a worker is alive and we are signed in. */
  #address() {
    if (performance.now() - this.#lastFullLook < FULL_LOOK_EVERY) return this.dataset.url;
    this.#lastFullLook = performance.now();
    return this.dataset.url.replace(/&cap=[^&]*/, "");
  }

  #heard(status) {
    this.#isAway = status === 0 || status >= 500;
    this.#isSignedOut = status === 401;
    this.querySelector("[data-show=signed-out]")?.toggleAttribute("hidden", !this.#isSignedOut);
  }
}

customElements.define("poll-clock", PollClock);
