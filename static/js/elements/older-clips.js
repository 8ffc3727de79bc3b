import { ask } from "../ask.js";

const AHEAD = "600px";

/** The link to older clips follows itself when it comes near the screen, once. Without scripts it is a link. */
class OlderClips extends HTMLElement {
  #observer;

  connectedCallback() {
    this.#observer = new IntersectionObserver((entries) => this.#onSight(entries), { rootMargin: AHEAD });
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  #onSight(entries) {
    const link = this.querySelector("a");
    if (!link || !entries.some((entry) => entry.isIntersecting)) return;
    this.#observer.disconnect();
    ask("GET", link.href, { source: this, target: this, swap: "outerHTML" });
  }
}

customElements.define("older-clips", OlderClips);
