import { CardDrag } from "../card-drag.js";
import { ask } from "../ask.js";

const EVERY = 10000;

/**
 * The board: asks data-url every 10 s while the tab is seen, and never while a card is dragged, a menu is open or a
 * question stands. A dropped card and an item of its menu open the same question in #board-dialog. "board-moved"
 * (the question was answered) closes it and asks at once. The answer morphs this element.
 */
class ShotBoard extends HTMLElement {
  #timer = 0;
  #isSignedOut = false;
  #drag = new CardDrag(this, (clip, to) => this.#ask(clip, to));

  connectedCallback() {
    this.#drag.start();
    this.addEventListener("click", this);
    this.addEventListener("board-moved", this);
    this.addEventListener("htmx:after:request", this);
    document.addEventListener("visibilitychange", this);
    this.#dialog.addEventListener("click", this);
    this.#plan();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#drag.stop();
    document.removeEventListener("visibilitychange", this);
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "board-moved") this.#onMoved();
    else if (event.type === "htmx:after:request") this.#isSignedOut = event.detail?.ctx?.response?.raw?.status === 401;
    else if (!document.hidden) this.#refresh();
  }

  get #dialog() {
    return document.getElementById("board-dialog");
  }

  get #isHeld() {
    return this.#drag.isUnderWay || this.#dialog.open || this.querySelector("details[open]");
  }

  #plan() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), EVERY);
  }

  #refresh() {
    const isWanted = !document.hidden && !this.#isHeld && !this.#isSignedOut;
    if (isWanted) ask("GET", this.dataset.url, { source: this, swap: "none" }).catch(() => {});
    this.#plan();
  }

  #onMoved() {
    this.#dialog.close();
    this.#refresh();
  }

  #onClick(event) {
    if (event.target.closest("[data-closes]")) {
      this.#dialog.close();
      event.preventDefault();
      return;
    }
    const item = event.target.closest(".shot-card__menu a[data-to]");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    item.closest("details").open = false;
    this.#ask(item.closest(".shot-card").dataset.clip, item.dataset.to);
  }

  async #ask(clip, to) {
    const address = `${this.querySelector(".shot-card__menu a").pathname}?clip=${clip}&to=${to}`;
    this.#dialog.replaceChildren(); // an answer that is refused would leave the last question, which is another clip's
    await ask("GET", address, { target: this.#dialog, swap: "innerHTML" });
    if (!this.#dialog.firstElementChild) return;
    this.#dialog.showModal();
    this.#dialog.querySelector("[autofocus]")?.focus();
  }
}

customElements.define("shot-board", ShotBoard);
