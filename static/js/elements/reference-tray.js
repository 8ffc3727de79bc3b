const TYPE = "application/x-studio-reference";
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * Reordering the tray by drag and by keyboard: Space lifts, the arrow keys move, Space drops, Escape puts back.
 * The new order goes out as "brief-act"; the answer renames, and the prompt follows.
 */
class ReferenceTray extends HTMLElement {
  #lifted = null;
  #before = [];
  #isDragged = false;

  connectedCallback() {
    for (const name of ["keydown", "dragstart", "dragover", "drop", "dragend", "focusout"]) this.addEventListener(name, this);
  }

  disconnectedCallback() {
    for (const name of ["keydown", "dragstart", "dragover", "drop", "dragend", "focusout"]) this.removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "dragstart") this.#onDragStart(event);
    else if (event.type === "dragover") this.#onDragOver(event);
    else if (event.type === "drop") this.#onDrop(event);
    else if (event.type === "dragend") this.#putBack();
    else if (event.target === this.#lifted && !this.#isDragged) this.#putBack();
  }

  get #tiles() {
    return [...this.querySelectorAll("[data-key]:is(li)")];
  }

  #onKey(event) {
    const tile = event.target;
    if (!tile.matches?.("li[data-key]")) return;
    if (event.key === " ") this.#lifted ? this.#drop() : this.#lift(tile, "lifted. Use the arrow keys to move it, Space to drop it.");
    else if (event.key === "Escape" && this.#lifted) this.#putBack("put back.");
    else if (event.key in STEPS) this.#step(tile, STEPS[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") tile.querySelector(".reference-tile__remove").click();
    else return;
    event.preventDefault();
  }

  #step(tile, step) {
    const tiles = this.#tiles;
    const there = tiles[tiles.indexOf(tile) + step];
    if (!there) return;
    if (!this.#lifted) {
      there.focus();
      return;
    }
    const lifted = this.#lifted;
    this.#lifted = null;
    if (step > 0) there.after(tile);
    else there.before(tile);
    tile.focus();
    this.#lifted = lifted;
    this.#say(tile, `moved to place ${this.#tiles.indexOf(tile) + 1} of ${tiles.length}.`);
  }

  #lift(tile, words) {
    this.#lifted = tile;
    this.#before = this.#tiles;
    tile.dataset.was = tile.dataset.state;
    tile.dataset.state = "lifted";
    if (words) this.#say(tile, words);
  }

  #drop() {
    const tile = this.#lifted;
    const isMoved = this.#tiles.some((each, index) => each !== this.#before[index]);
    this.#letGo();
    this.#say(tile, `dropped at place ${this.#tiles.indexOf(tile) + 1}.`);
    if (!isMoved) return;
    const line = `order ${this.#tiles.map((each) => each.dataset.key).join(",")}`;
    this.dispatchEvent(new CustomEvent("brief-act", { bubbles: true, detail: { line } }));
  }

  #putBack(words) {
    const tile = this.#lifted;
    if (!tile) return;
    const list = tile.parentElement;
    const rest = list.querySelector(".tray__add");
    this.#lifted = null;
    for (const each of this.#before) list.insertBefore(each, rest);
    this.#lifted = tile;
    this.#letGo();
    if (words) {
      tile.focus();
      this.#say(tile, words);
    }
  }

  #letGo() {
    const tile = this.#lifted;
    tile.dataset.state = tile.dataset.was;
    this.#lifted = null;
    this.#isDragged = false;
  }

  #onDragStart(event) {
    const tile = event.target.closest?.("li[data-key]");
    if (!tile || event.target.closest("input, details[open]")) return;
    event.dataTransfer.setData(TYPE, tile.dataset.key);
    event.dataTransfer.effectAllowed = "move";
    this.#isDragged = true;
    this.#lift(tile);
  }

  #onDragOver(event) {
    if (!this.#lifted || !event.dataTransfer.types.includes(TYPE)) return;
    event.preventDefault();
    const over = event.target.closest?.("li[data-key]");
    if (!over || over === this.#lifted) return;
    const box = over.getBoundingClientRect();
    const isPast = event.clientX > box.left + box.width / 2;
    const place = isPast ? over.nextElementSibling : over;
    if (place !== this.#lifted) over.parentElement.insertBefore(this.#lifted, place);
  }

  #onDrop(event) {
    if (!this.#lifted || !event.dataTransfer.types.includes(TYPE)) return;
    event.preventDefault();
    this.#drop();
  }

  #say(tile, words) {
    document.getElementById("tray-voice").textContent = `${tile.dataset.label || "This reference"} ${words}`;
  }
}

customElements.define("reference-tray", ReferenceTray);
