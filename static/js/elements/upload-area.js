import { UploadTile } from "../upload-tile.js";

const AT_ONCE = 3;

/**
 * Takes files that are chosen, dropped or pasted, sends them and shows each as a tile before [data-upload-place]
 * (or .tray__add). Says file-ready, file-refused, file-broken (it stopped, a person may try again), file-gone (taken
 * back) and uploads-settled; see sending.js for how a file travels.
 *
 * data-url, data-project, data-use; data-drop-zone: a selector for a larger place that takes drops. An input or a
 * place inside may have its own data-use and data-place; of several files dropped, none goes to a place but the tray.
 * With data-fix-url, several files that need fixing are offered together in [data-fix-offer]. With data-lists the page
 * lists what came in by itself.
 */
class UploadArea extends HTMLElement {
  #tiles = new Set();
  #waiting = [];
  #batch = [];
  #zone = null;

  connectedCallback() {
    this.#zone = (this.dataset.dropZone && this.closest(this.dataset.dropZone)) || this;
    this.addEventListener("change", this);
    for (const name of ["dragover", "dragleave", "drop"]) this.#zone.addEventListener(name, this);
    document.addEventListener("paste", this);
    document.addEventListener("htmx:after:swap", this);
    addEventListener("online", this);
    // This script comes once the page rests: somebody may have been faster.
    for (const input of this.querySelectorAll("input[type=file]")) this.#take(input);
  }

  disconnectedCallback() {
    for (const name of ["dragover", "dragleave", "drop"]) this.#zone.removeEventListener(name, this);
    document.removeEventListener("paste", this);
    document.removeEventListener("htmx:after:swap", this);
    removeEventListener("online", this);
  }

  handleEvent(event) {
    if (event.type === "change") this.#onChoice(event);
    else if (event.type === "paste") this.#onPaste(event);
    else if (event.type === "htmx:after:swap") this.#putBack();
    else if (event.type === "online") this.#goOn();
    else this.#onDrag(event);
  }

  /** Send files. `use` and `place` are handed back with what becomes of them. */
  add(files, { use = this.dataset.use || "any", place = "" } = {}) {
    const template = this.querySelector("template[data-upload-tile]");
    for (const file of files) {
      const where = { url: this.dataset.url, project: this.dataset.project, use };
      const tile = new UploadTile(file, { template, area: this, where, place });
      this.#tiles.add(tile);
      this.#batch.push(tile);
      this.#waiting.push(tile);
    }
    this.#putBack();
    this.#next();
  }

  /** The names of the files that are on their way or waiting for their turn. */
  get underWay() {
    return [...this.#tiles].filter((tile) => tile.isUnderWay && !tile.isBroken).map((tile) => tile.file.name);
  }

  announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    this.#next();
  }

  forget(tile) {
    this.#tiles.delete(tile);
    this.#waiting = this.#waiting.filter((each) => each !== tile);
    if (!tile.isUnderWay) return this.#next();
    this.#batch = this.#batch.filter((each) => each !== tile);
    return this.announce("file-gone", { name: tile.file.name });
  }

  #next() {
    const busy = [...this.#tiles].filter((tile) => tile.isUnderWay && !tile.isBroken && !this.#waiting.includes(tile));
    for (const tile of this.#waiting.splice(0, Math.max(0, AT_ONCE - busy.length))) tile.start();
    if (this.#batch.length && this.#batch.every((tile) => !tile.isUnderWay)) this.#settle();
  }

  #settle() {
    const told = (outcome) => this.#batch.filter((tile) => tile.outcome === outcome).map((tile) => tile.told?.file);
    const detail = { ready: told("accept"), fixable: told("fixable"), refused: told("reject").length };
    const count = this.#batch.length;
    const kept = this.#batch.filter((tile) => tile.outcome !== "reject");
    this.#batch = [];
    if (this.dataset.lists !== undefined) for (const tile of kept) tile.remove();
    this.dispatchEvent(new CustomEvent("uploads-settled", { bubbles: true, detail }));
    if (count > 1 && detail.fixable.length && this.dataset.fixUrl) this.#offerToFix(detail.fixable, count);
  }

  #offerToFix(files, count) {
    const target = this.querySelector("[data-fix-offer]");
    const query = new URLSearchParams([...files.map((file) => ["file", file]), ["of", String(count)]]);
    if (target) globalThis.htmx.ajax("GET", `${this.dataset.fixUrl}?${query}`, { target, swap: "innerHTML" });
  }

  #onChoice(event) {
    if (event.target.type !== "file") return;
    event.preventDefault();
    this.#take(event.target);
  }

  #take(input) {
    if (!input.files.length) return;
    const { use, place } = input.dataset;
    this.add([...input.files], { use: use || this.dataset.use, place });
    input.value = "";
  }

  #onPaste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.add(files);
  }

  #onDrag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const target = event.target.closest?.(event.dataTransfer.items.length > 1 ? "[data-place=tray]" : "[data-place]");
    this.#light(event.type === "dragover" ? target : null, event.type === "dragover");
    if (event.type !== "drop") return;
    const { use, place } = target?.dataset ?? {};
    this.add([...event.dataTransfer.files], { use: use || this.dataset.use, place });
  }

  #light(target, isNear) {
    for (const lit of this.#zone.querySelectorAll("[data-drop]")) lit.removeAttribute("data-drop");
    if (isNear) this.querySelector(".tray, .file-grid")?.setAttribute("data-drop", "near");
    target?.setAttribute("data-drop", "over");
  }

  // A swap of what is around them does not know the files under way.
  #putBack() {
    const before = this.querySelector("[data-upload-place], .tray__add");
    if (!before) return;
    for (const tile of this.#tiles) if (!tile.element.isConnected) before.before(tile.element);
  }

  #goOn() {
    for (const tile of this.#tiles) if (tile.isBroken) tile.start();
  }
}

customElements.define("upload-area", UploadArea);
