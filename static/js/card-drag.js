const BEGINS_AFTER = 6;

/**
 * Dragging a card to another column with a mouse or a pen; fingers scroll and use the menu. Esc puts it back.
 * `dropped(clip, to)` is called with the card's take and the column it was let go over.
 */
export class CardDrag {
  #board;
  #dropped;
  #from = null;
  #card = null;
  #lifted = null;

  constructor(board, dropped) {
    this.#board = board;
    this.#dropped = dropped;
  }

  get isUnderWay() {
    return Boolean(this.#lifted);
  }

  start() {
    this.#board.addEventListener("pointerdown", this);
  }

  stop() {
    this.#board.removeEventListener("pointerdown", this);
    this.#end();
  }

  handleEvent(event) {
    if (event.type === "pointerdown") this.#begin(event);
    else if (event.type === "pointermove") this.#move(event);
    else if (event.type === "pointerup") this.#letGo();
    else if (event.type === "click") this.#swallow(event);
    else if (event.type === "pointercancel" || event.key === "Escape") this.#end();
  }

  #begin(event) {
    const card = event.target.closest(".shot-card[data-clip]");
    if (!card || event.button || event.pointerType === "touch" || event.target.closest(".shot-card__menu")) return;
    this.#card = card;
    this.#from = { x: event.clientX, y: event.clientY };
    for (const type of ["pointermove", "pointerup", "pointercancel", "keydown"]) addEventListener(type, this);
  }

  #move(event) {
    const [x, y] = [event.clientX - this.#from.x, event.clientY - this.#from.y];
    if (!this.#lifted && Math.hypot(x, y) < BEGINS_AFTER) return;
    if (!this.#lifted) this.#lift();
    this.#lifted.style.translate = `${x}px ${y}px`;
    const column = document.elementFromPoint(event.clientX, event.clientY)?.closest(".board-column");
    for (const each of this.#board.querySelectorAll(".board-column")) {
      each.toggleAttribute("data-over", each === column && this.#takes(each));
    }
    event.preventDefault();
  }

  /** A copy follows the pointer; the card itself keeps its place. */
  #lift() {
    const box = this.#card.getBoundingClientRect();
    this.#lifted = this.#card.cloneNode(true);
    this.#lifted.removeAttribute("id");
    this.#lifted.classList.add("shot-card--lifted");
    Object.assign(this.#lifted.style, { insetBlockStart: `${box.top}px`, insetInlineStart: `${box.left}px`, inlineSize: `${box.width}px` });
    this.#card.toggleAttribute("data-away", true);
    this.#board.toggleAttribute("data-dragging", true);
    for (const each of this.#board.querySelectorAll(".board-column__drop")) each.hidden = !this.#takes(each.parentElement);
    document.body.append(this.#lifted);
    addEventListener("click", this, true);
  }

  #takes(column) {
    return column.dataset.to !== "making" && !column.contains(this.#card);
  }

  #letGo() {
    const column = this.#board.querySelector(".board-column[data-over]");
    const clip = this.#card.dataset.clip;
    this.#end();
    if (column) this.#dropped(clip, column.dataset.to);
  }

  /** The click that ends a drag opens nothing. */
  #swallow(event) {
    event.preventDefault();
    event.stopPropagation();
    removeEventListener("click", this, true);
  }

  #end() {
    for (const type of ["pointermove", "pointerup", "pointercancel", "keydown"]) removeEventListener(type, this);
    setTimeout(() => removeEventListener("click", this, true));
    this.#lifted?.remove();
    this.#card?.removeAttribute("data-away");
    this.#board.removeAttribute("data-dragging");
    for (const each of this.#board.querySelectorAll("[data-over]")) each.removeAttribute("data-over");
    for (const each of this.#board.querySelectorAll(".board-column__drop")) each.hidden = true;
    this.#card = this.#lifted = this.#from = null;
  }
}
