/** The grid of files: marks the one whose panel is open, and closes the panel by its button or Esc. */
class FileShelf extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
    document.addEventListener("keydown", this);
    document.addEventListener("click", this);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.currentTarget === this) this.#mark(event.target.closest(".file-tile"));
    else if (event.target.closest("#file-panel [data-act=close]")) this.#close(event);
  }

  #onKey(event) {
    const isFree = !event.target.closest("input, select, textarea, dialog, [role=dialog], details[open]");
    if (event.key === "Escape" && isFree && this.#panel?.dataset.file) this.#close(event);
  }

  #mark(tile) {
    if (!tile) return;
    for (const other of this.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    tile.setAttribute("aria-current", "true");
  }

  #close(event) {
    event.preventDefault();
    const marked = this.querySelector("[aria-current]");
    const empty = document.createElement("aside");
    Object.assign(empty, { id: "file-panel", className: "file-panel", hidden: true });
    this.#panel.replaceWith(empty);
    history.replaceState(history.state, "", this.dataset.url);
    marked?.removeAttribute("aria-current");
    marked?.querySelector("a").focus();
  }

  get #panel() {
    return document.getElementById("file-panel");
  }
}

customElements.define("file-shelf", FileShelf);
