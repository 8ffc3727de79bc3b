import { ask } from "../ask.js";

const RHYTHM = 4000;
const IDLE_RHYTHM = 15_000;
const AWAY_RHYTHM = 30_000;
const IDLE_AFTER = 5 * 60_000;
const FULL_LOOK_EVERY = 30_000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "scroll"];

/**
 * Asks data-url every 4 s what is new, every 15 s after five minutes without a touch, every 30 s while nobody answers,
 * and not at all in a hidden tab. Now and then without the shortcut for "nothing changed", because a day that is over
 * changes nothing. A link that ended answers 404: the page then asks for itself and says so.
 */
class GuestPoll extends HTMLElement {
  #timer = 0;
  #touchedAt = performance.now();
  #isAway = false;
  #lastFullLook = performance.now();

  connectedCallback() {
    for (const name of SIGNS_OF_LIFE) document.addEventListener(name, this, { passive: true });
    document.addEventListener("visibilitychange", this);
    this.addEventListener("htmx:after:request", this);
    this.addEventListener("htmx:error", this);
    this.#plan();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    for (const name of SIGNS_OF_LIFE) document.removeEventListener(name, this);
    document.removeEventListener("visibilitychange", this);
    this.removeEventListener("htmx:after:request", this);
    this.removeEventListener("htmx:error", this);
  }

  handleEvent(event) {
    if (event.type === "htmx:after:request") this.#heard(event.detail?.ctx?.response?.raw?.status ?? 0);
    else if (event.type === "htmx:error") this.#isAway = true;
    else if (event.type === "visibilitychange") document.hidden ? clearTimeout(this.#timer) : this.#ask();
    else this.#touchedAt = performance.now();
  }

  get #pause() {
    if (this.#isAway) return AWAY_RHYTHM;
    return performance.now() - this.#touchedAt > IDLE_AFTER ? IDLE_RHYTHM : RHYTHM;
  }

  #plan() {
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.#ask(), this.#pause);
  }

  #ask() {
    ask("GET", this.#address(), { source: this, swap: "none" }).catch(() => {});
    this.#plan();
  }

  #address() {
    if (performance.now() - this.#lastFullLook < FULL_LOOK_EVERY) return this.dataset.url;
    this.#lastFullLook = performance.now();
    return this.dataset.url.replace(/&cap=[^&]*/, "");
  }

  #heard(status) {
    this.#isAway = status === 0 || status >= 500;
    if (status === 404) location.reload();
  }
}

customElements.define("guest-poll", GuestPoll);
