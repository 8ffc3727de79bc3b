import { shortcut } from "../keys.js";

/**
 * The two questions about a version. A and R open theirs and put the cursor where the answer goes; Esc closes it. While
 * one is open no poll touches it; if the version stands otherwise when it closes, the questions are asked for anew.
 */
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
    this.#onToggle(ask); // The event comes a moment later: the next letter, typed fast, must land in the answer.
    event.preventDefault();
  }

  #onToggle(ask) {
    const asks = ask.closest("#decision-asks");
    if (!asks) return ask.toggleAttribute("data-morph-skip", ask.open); // The history stays open while it is read.
    asks.toggleAttribute("data-morph-skip", Boolean(this.#open));
    if (ask.open) ask.querySelector("[data-first]")?.focus();
    else if (!this.#open && this.#isOld(asks)) document.querySelector("live-poll")?.look({ decided: "other" });
  }

  #isOld(asks) {
    return asks.dataset.stands !== this.querySelector("#decision-said").dataset.stands;
  }

  #close() {
    const ask = this.#open;
    if (!ask) return;
    ask.open = false;
    ask.querySelector("summary").focus();
  }
}

customElements.define("decision-dock", DecisionDock);
