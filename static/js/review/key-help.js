import { shortcut } from "../keys.js";

/** The list of keys in a dialog: ? or a press on [data-opens=keys]. V opens the versions. */
class KeyHelp extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (shortcut(event) === "?") this.#dialog.showModal();
    else if (shortcut(event) === "v") this.#showVersions(event);
  }

  get #dialog() {
    return this.querySelector("dialog");
  }

  #onClick(event) {
    if (event.target.closest("[data-opens=keys]")) this.#dialog.showModal();
    else if (event.target === this.#dialog || event.target.closest("[data-closes]")) this.#dialog.close();
  }

  #showVersions(event) {
    const menu = document.getElementById("version-menu");
    if (!menu) return;
    event.preventDefault();
    menu.open = true;
    (menu.querySelector("[aria-current]") ?? menu.querySelector(".menu__item"))?.focus();
  }
}

customElements.define("key-help", KeyHelp);
