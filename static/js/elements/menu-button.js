/** A <details> menu that closes by itself: on Esc, on a press outside, when focus leaves. Arrow keys walk its items. */
class MenuButton extends HTMLElement {
  connectedCallback() {
    document.addEventListener("pointerdown", this);
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this);
    this.removeEventListener("keydown", this);
    this.removeEventListener("focusout", this);
  }

  handleEvent(event) {
    if (!this.#details?.open) return;
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "pointerdown" && !this.contains(event.target)) this.close();
    else if (event.type === "focusout" && event.relatedTarget && !this.contains(event.relatedTarget)) this.close();
  }

  close() {
    this.#details.open = false;
  }

  get #details() {
    return this.querySelector("details");
  }

  #onKey(event) {
    if (event.key === "Escape") {
      this.close();
      this.querySelector("summary").focus();
      event.stopPropagation();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const items = [...this.querySelectorAll(".menu__item, .menu__panel input")];
    const next = items.indexOf(document.activeElement) + step;
    items[(next + items.length) % items.length]?.focus();
    event.preventDefault();
  }
}

customElements.define("menu-button", MenuButton);
