import { renewToken } from "../csrf.js";
import { ask } from "../ask.js";

const RHYTHM = 4000;
const IDLE_RHYTHM = 15_000;
const AWAY_RHYTHM = 30_000;
const IDLE_AFTER = 5 * 60_000;
const FULL_LOOK_EVERY = 25_000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel"];

/**
 * The review page's one poll: data-url with data-query, what the page has seen, and data-cap, which lets the server
 * say "nothing new" cheaply. Every 4 s; every 15 s after five minutes without a touch; every 30 s while nobody answers;
 * never in a hidden tab. Answers replace parts by their ids, this element among them. Every 25 s it asks without
 * data-cap, so that the server looks who is here. Requests of the page carry what it has seen as a header, so that
 * the answer to a press can bring everything else that is new.
 */
class LivePoll extends HTMLElement {
  static observedAttributes = ["data-query"];
  #timer = 0;
  #touchedAt = performance.now();
  #fullLookAt = -Infinity;
  #isAway = false;
  #isSignedOut = false;

  connectedCallback() {
    for (const name of SIGNS_OF_LIFE) document.addEventListener(name, this, { passive: true });
    document.addEventListener("visibilitychange", this);
    document.addEventListener("htmx:config:request", this);
    addEventListener("online", this);
    this.addEventListener("htmx:after:request", this);
    this.addEventListener("htmx:error", this);
    this.#ask();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    for (const name of SIGNS_OF_LIFE) document.removeEventListener(name, this);
    document.removeEventListener("visibilitychange", this);
    document.removeEventListener("htmx:config:request", this);
    removeEventListener("online", this);
    this.removeEventListener("htmx:after:request", this);
    this.removeEventListener("htmx:error", this);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#plan();
  }

  handleEvent(event) {
    if (event.type === "htmx:config:request") this.#addLook(event.detail.ctx.request.headers);
    else if (event.type === "htmx:after:request") this.#heard(event.detail?.ctx?.response?.status ?? 0);
    else if (event.type === "htmx:error") this.#isAway = true;
    else if (SIGNS_OF_LIFE.includes(event.type)) this.#wake();
    else this.#comeBack();
  }

  /** Ask at once for the list, or for another part of it. */
  look(part = {}) {
    const asked = new URLSearchParams(this.#query);
    for (const [name, value] of Object.entries(part)) asked.set(name, value);
    asked.set("whole", "1");
    return this.#get(`${this.dataset.url}?${asked}`);
  }

  get #query() {
    const selected = document.querySelector(".remark[data-selected]")?.id.replace("note-", "");
    return selected ? `${this.dataset.query}&note=${selected}` : this.dataset.query;
  }

  get #pause() {
    if (this.#isAway) return AWAY_RHYTHM;
    return performance.now() - this.#touchedAt > IDLE_AFTER ? IDLE_RHYTHM : RHYTHM;
  }

  #plan() {
    clearTimeout(this.#timer);
    if (!document.hidden && !this.#isSignedOut) this.#timer = setTimeout(() => this.#ask(), this.#pause);
  }

  #wake() {
    const wasIdle = performance.now() - this.#touchedAt > IDLE_AFTER;
    this.#touchedAt = performance.now();
    if (wasIdle) this.#ask();
  }

  async #comeBack() {
    if (document.hidden) return clearTimeout(this.#timer);
    if (this.#isSignedOut) await renewToken().catch(() => {});
    this.#isSignedOut = false;
    this.#ask();
  }

  #ask() {
    this.#plan();
    if (document.hidden || this.#isSignedOut) return;
    const isFull = performance.now() - this.#fullLookAt > FULL_LOOK_EVERY;
    if (isFull) this.#fullLookAt = performance.now();
    const cap = isFull ? "" : `&cap=${encodeURIComponent(this.dataset.cap)}`;
    this.#get(`${this.dataset.url}?${this.#query}${cap}`);
  }

  #get(address) {
    return ask("GET", address, { source: this, swap: "none" }).catch(() => {});
  }

  #addLook(headers) {
    headers["Studio-Look"] = this.#query;
  }

  #heard(status) {
    this.#isAway = status === 0 || status >= 500;
    this.#isSignedOut = status === 401;
    this.querySelector("[data-show=signed-out]")?.toggleAttribute("hidden", !this.#isSignedOut);
    this.#plan();
  }
}

customElements.define("live-poll", LivePoll);
