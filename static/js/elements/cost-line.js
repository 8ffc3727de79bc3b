import { ask } from "../ask.js";

const PRICED = new Set(["provider", "also", "duration", "resolution", "takes"]);
const PAUSE = 100;

/**
 * Keeps the cost bar beside what it depends on: asks the studio as soon as a choice rests for a moment. The answer
 * morphs the bar: price, button and reason. The newest question wins (hx-sync).
 */
class CostLine extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    document.addEventListener("input", this);
    document.addEventListener("change", this);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("input", this);
    document.removeEventListener("change", this);
  }

  handleEvent({ target }) {
    if (target.form?.id !== "brief" || !PRICED.has(target.name)) return;
    this.#count(target.form);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(target.form), PAUSE);
  }

  #count(form) {
    const takes = Number(form.elements.takes.value) * (1 + form.querySelectorAll("[name=also]:checked").length);
    const words = document.querySelector("#send [data-takes]");
    words.textContent = takes > 1 ? ` ${takes} takes` : "";
  }

  #ask(form) {
    const chosen = [...new FormData(form)].filter(([name]) => PRICED.has(name));
    const query = new URLSearchParams([["brief", this.dataset.brief], ...chosen]);
    ask("GET", `${this.dataset.url}?${query}`, { source: this, target: this, swap: "none" }).catch(() => {});
  }
}

customElements.define("cost-line", CostLine);
