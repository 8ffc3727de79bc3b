import { shortcut } from "../keys.js";

/** The two questions about a version. A and R open theirs and put the cursor where the answer goes; Esc closes it. */
class DecisionDock extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
    this.addEventListener("toggle", this, true);
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    if (event.type === "toggle") this.#onToggle(event.target);
    else if (event.type === "click") event.target.closest("[data-closes]") && this.#close();
    else if (event.key === "Escape" && this.#open) this.#close();
    else this.#ask(shortcut(event), event);
  }

  get #open() {
    return this.querySelector(".dock__ask[open]");
  }

  #ask(key, event) {
    const ask = /^[ar]$/.test(key) && !event.repeat && this.querySelector(`[data-key="${key}"]`);
    if (!ask) return;
    ask.open = true;
    event.preventDefault();
  }

  #onToggle(ask) {
    if (ask.open) ask.querySelector("[data-first]")?.focus();
  }

  #close() {
    const ask = this.#open;
    if (!ask) return;
    ask.open = false;
    ask.querySelector("summary").focus();
  }
}

customElements.define("decision-dock", DecisionDock);
