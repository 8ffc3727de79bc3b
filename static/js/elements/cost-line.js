const PRICED = new Set(["provider", "duration", "resolution", "takes"]);
const PAUSE = 100;

/** Keeps the price beside what it depends on: asks the studio as soon as a choice rests for a moment. */
class CostLine extends HTMLElement {
  #timer = 0;
  #asked = 0;

  connectedCallback() {
    document.addEventListener("input", this);
    document.addEventListener("change", this);
  }

  disconnectedCallback() {
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
    const takes = Number(form.elements.takes.value);
    const words = document.querySelector("#send [data-takes]");
    words.textContent = takes > 1 ? ` ${takes} takes` : "";
  }

  async #ask(form) {
    const asked = (this.#asked += 1);
    const query = new URLSearchParams([...PRICED].map((name) => [name, form.elements[name].value]));
    try {
      const answer = await fetch(`${this.dataset.url}?${query}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || asked !== this.#asked) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("price");
      this.querySelector("#price").replaceChildren(...fresh.childNodes);
    } catch {
      // The line is down: the offline line says so, and the price stays as it was.
    }
  }
}

customElements.define("cost-line", CostLine);
