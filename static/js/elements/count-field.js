import { thousands } from "../words.js";

/** Around an input: keeps the "37 / 500" beside it. data-limit is in characters. */
class CountField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
  }

  handleEvent(event) {
    const output = this.parentElement.querySelector("output");
    const length = [...event.target.value].length;
    const limit = Number(this.dataset.limit);
    output.textContent = `${length} / ${thousands(limit)}`;
    output.dataset.level = length > limit ? "over" : "";
  }
}

customElements.define("count-field", CountField);
