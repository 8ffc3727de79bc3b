import { shortcut } from "../keys.js";

const SECOND_KEY_WITHIN = 1500;

/** Keys of every page: C begins a new clip (the form inside), / searches, G then L opens data-l, and so on. */
class PageKeys extends HTMLElement {
  #goesUntil = 0;

  connectedCallback() {
    document.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
  }

  handleEvent(event) {
    const key = shortcut(event);
    const isGoing = event.timeStamp < this.#goesUntil;
    this.#goesUntil = key === "g" ? event.timeStamp + SECOND_KEY_WITHIN : 0;
    const search = document.querySelector("input[type=search]");
    if (key === "/" && search) search.focus();
    else if (key === "c") this.querySelector("form").requestSubmit();
    else if (isGoing && this.dataset[key]) location.assign(this.dataset[key]);
    else return;
    event.preventDefault();
  }
}

customElements.define("page-keys", PageKeys);
