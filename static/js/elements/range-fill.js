import { paintRange } from "../range.js";

/** Around a range input: paints the part before the knob, whoever moves it. */
class RangeFill extends HTMLElement {
  #watcher = new MutationObserver(() => this.paint());

  connectedCallback() {
    this.addEventListener("input", this);
    // A morph takes the painted style away again, so that is watched as well.
    const attributes = ["min", "max", "value", "style"];
    this.#watcher.observe(this, { subtree: true, attributes: true, attributeFilter: attributes });
    this.paint();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    this.#watcher.disconnect();
  }

  handleEvent() {
    this.paint();
  }

  paint() {
    const input = this.querySelector("input");
    if (input) paintRange(input);
  }
}

customElements.define("range-fill", RangeFill);
