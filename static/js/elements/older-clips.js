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
    if (!globalThis.htmx || !link || !entries.some((entry) => entry.isIntersecting)) return;
    this.#observer.disconnect();
    globalThis.htmx.ajax("GET", link.href, { source: this, target: this, swap: "outerHTML" });
  }
}

customElements.define("older-clips", OlderClips);
