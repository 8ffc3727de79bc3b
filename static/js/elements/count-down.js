/** A ring that empties between two polls: data-left seconds are left of data-of. With reduced motion it moves in steps. */
class CountDown extends HTMLElement {
  static observedAttributes = ["data-left", "data-of"];
  #timer = 0;
  #since = 0;

  connectedCallback() {
    this.#since = performance.now();
    this.#timer = setInterval(() => this.#show(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  attributeChangedCallback() {
    this.#since = performance.now();
  }

  #show() {
    const left = Math.max(0, Number(this.dataset.left) - (performance.now() - this.#since) / 1000);
    const percent = (100 * left) / Number(this.dataset.of);
    this.querySelector("circle:last-child").setAttribute("stroke-dasharray", `${percent.toFixed(1)} 100`);
  }
}

customElements.define("count-down", CountDown);
