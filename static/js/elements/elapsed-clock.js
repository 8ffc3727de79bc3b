import { clock, spoken } from "../time.js";

const running = new Set();
let timer = 0;

function tick() {
  for (const element of running) element.show();
}

/**
 * Counts between two polls: data-seconds (elapsed when the page was made) counts up, data-left counts down and says
 * "clock-zero" once at nothing: the page's poll then looks at once. With data-spoken the seconds are words in a
 * sentence. The server's own number stands until the first whole second.
 */
class ElapsedClock extends HTMLElement {
  static observedAttributes = ["data-seconds", "data-left"];
  #startedAt = 0;
  #isOver = false;

  connectedCallback() {
    this.#start();
    running.add(this);
    timer ||= setInterval(tick, 1000);
  }

  disconnectedCallback() {
    running.delete(this);
    if (running.size) return;
    clearInterval(timer);
    timer = 0;
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#start();
  }

  show() {
    const passed = (performance.now() - this.#startedAt) / 1000;
    if (this.dataset.left === undefined) {
      this.textContent = clock(Number(this.dataset.seconds) + passed);
      return;
    }
    const left = Number(this.dataset.left) - passed;
    this.textContent = this.dataset.spoken === undefined ? clock(Math.ceil(left)) : spoken(Math.ceil(left));
    if (left > 0 || this.#isOver) return;
    this.#isOver = true;
    this.dispatchEvent(new CustomEvent("clock-zero", { bubbles: true }));
  }

  #start() {
    this.#startedAt = performance.now();
    this.#isOver = false;
    this.show();
  }
}

customElements.define("elapsed-clock", ElapsedClock);
