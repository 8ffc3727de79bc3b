/**
 * A clip that has just become ready, waiting in a <template> for the place of the latest one. It takes it at once,
 * unless a person is watching the old one: then a button says that a new clip is ready.
 */
class NextClip extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.#arrive();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.target.closest("button")) this.#take();
  }

  #arrive() {
    const next = this.querySelector("template")?.content.firstElementChild;
    if (!next || next.dataset.task === this.#shown?.dataset.task) return;
    const player = this.#shown?.querySelector("simple-player[data-touched]");
    if (!player) this.#take();
    else this.querySelector("[data-show=offer]")?.removeAttribute("hidden");
  }

  get #shown() {
    return document.getElementById("stage-latest");
  }

  #take() {
    const template = this.querySelector("template");
    const next = template?.content.firstElementChild?.cloneNode(true);
    if (!next) return;
    this.#shown?.replaceWith(next);
    globalThis.htmx?.process(next);
    this.replaceChildren();
  }
}

customElements.define("next-clip", NextClip);
