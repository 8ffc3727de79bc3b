/** A number with a button on each side. Without it the number field stands alone and works. */
class TakeStepper extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    this.#mark();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    const button = event.target.closest("[data-step]");
    const input = this.querySelector("input");
    if (!button) return;
    if (Number(button.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    this.#mark();
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  }

  #mark() {
    const { value, min, max } = this.querySelector("input");
    for (const button of this.querySelectorAll("button")) {
      const end = Number(button.dataset.step) > 0 ? max : min;
      button.setAttribute("aria-disabled", String(value === end));
    }
  }
}

customElements.define("take-stepper", TakeStepper);
