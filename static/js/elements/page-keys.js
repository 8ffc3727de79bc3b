import { shortcut } from "../keys.js";

const SECOND_KEY_WITHIN = 1500;

/**
 * Keys of every page: C begins a new clip (the form inside), / searches on the page or else in the Library, G then L
 * opens data-l, and so on. ? opens the list of them, as does a press on [data-opens=keys].
 */
class PageKeys extends HTMLElement {
  #goesUntil = 0;

  connectedCallback() {
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.target.closest?.("[data-opens=keys]")) this.#list?.showModal();
  }

  /** A page with keys of its own has its own list. */
  get #list() {
    return document.getElementById("keys");
  }

  /** A field in a closed dialog cannot be seen, and takes no focus. */
  #search() {
    const field = [...document.querySelectorAll("input[type=search]")].find((each) => each.checkVisibility());
    if (field) field.focus();
    else location.assign(`${this.dataset.l}#search`);
  }

  #onKey(event) {
    const key = shortcut(event);
    const isGoing = event.timeStamp < this.#goesUntil;
    this.#goesUntil = key === "g" ? event.timeStamp + SECOND_KEY_WITHIN : 0;
    const begin = this.querySelector("form"); // not there for those who make no clips
    if (key === "/") this.#search();
    else if (key === "?" && this.#list) this.#list.showModal();
    else if (key === "c" && begin) begin.requestSubmit();
    else if (isGoing && this.dataset[key]) location.assign(this.dataset[key]);
    else return;
    event.preventDefault();
  }
}

customElements.define("page-keys", PageKeys);
