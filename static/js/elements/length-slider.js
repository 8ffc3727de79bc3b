/** The words of the length slider while it moves, and the one press that brings it back into range. */
class LengthSlider extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this);
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "input") this.#say();
    else this.#onClick(event);
  }

  #say() {
    const input = this.querySelector("input");
    const words = `${input.value} second${input.value === "1" ? "" : "s"}`;
    const { clip, most } = this.dataset;
    this.querySelector("output").textContent = words;
    input.setAttribute("aria-valuetext", clip ? `${words}, up to ${most} while ${clip} is used` : words);
  }

  #onClick(event) {
    const button = event.target.closest("[data-set]");
    if (!button) return;
    event.preventDefault();
    const input = this.querySelector("input");
    input.value = button.dataset.set;
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
    input.focus();
  }
}

customElements.define("length-slider", LengthSlider);
