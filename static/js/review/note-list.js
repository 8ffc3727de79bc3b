import { shortcut } from "../keys.js";
import { NoteDrawings } from "./note-drawings.js";
import { NoteForms } from "./note-forms.js";

/**
 * The notes beside a review-player. A press on a note, its time or its face on the timeline selects it and shows its
 * exact frame; N and P go to the next and the previous along the clip. The selection outlives every answer of the
 * server, and stands in the address, which then opens on it.
 */
class NoteList extends HTMLElement {
  #selected = null;
  #forms;
  #drawings;

  connectedCallback() {
    this.#selected = this.#note?.id ?? null;
    this.#forms = new NoteForms(this);
    const layer = document.createElement("drawing-layer");
    document.querySelector(".review-player__overlay").replaceChildren(layer);
    this.#drawings = new NoteDrawings(layer, this.dataset.beside);
    for (const name of ["click", "keydown", "note-kept", "note-changed", "htmx:after:swap"]) {
      document.addEventListener(name, this);
    }
    this.#drawings.look();
    this.#note?.scrollIntoView({ block: "nearest" });
  }

  disconnectedCallback() {
    this.#forms.leave();
    for (const name of ["click", "keydown", "note-kept", "note-changed", "htmx:after:swap"]) {
      document.removeEventListener(name, this);
    }
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "htmx:after:swap") this.#onSwap();
    else if (event.type === "note-kept") this.select(`note-${event.detail.note}`);
  }

  /** Select a note by its element's id; `goes`: also show its frame. */
  select(id, { goes = false } = {}) {
    const note = document.getElementById(id)?.closest(".remark");
    if (!note) return;
    this.#selected = note.id;
    this.#mark();
    note.scrollIntoView({ block: "nearest" });
    history.replaceState(history.state, "", `?note=${note.id.replace("note-", "")}`);
    if (goes && note.dataset.first !== undefined) {
      this.#player.pause();
      this.#player.seek(Number(note.dataset.first));
    }
  }

  get #player() {
    return document.querySelector("review-player");
  }

  get #note() {
    return this.querySelector(".remark[data-selected]");
  }

  #onClick(event) {
    const face = event.target.closest("[data-goes]");
    if (face) return this.select(`note-${face.dataset.goes}`, { goes: true });
    const note = this.contains(event.target) && event.target.closest(".remark");
    if (!note || event.ctrlKey || event.metaKey) return;
    const isTime = event.target.closest("[data-act=go]");
    if (isTime) event.preventDefault();
    else if (event.target.closest("a, button, textarea, form")) return;
    else if (String(getSelection())) return;
    this.select(note.id, { goes: true });
  }

  #onKey(event) {
    const step = { n: 1, p: -1 }[shortcut(event)];
    if (!step || event.defaultPrevented) return;
    event.preventDefault();
    const notes = [...this.querySelectorAll(".remark[id]")].sort((one, other) => placeOf(one) - placeOf(other));
    const at = notes.indexOf(this.#note);
    const next = at < 0 ? this.#firstFrom(notes, step) : notes[(at + step + notes.length) % notes.length];
    if (next) this.select(next.id, { goes: true });
  }

  /** With nothing selected, N begins behind the frame on screen and P before it. */
  #firstFrom(notes, step) {
    const { frame } = this.#player;
    const next = step > 0 ? notes.find((note) => placeOf(note) > frame) : notes.findLast((note) => placeOf(note) < frame);
    return next ?? notes.at(step > 0 ? 0 : -1);
  }

  #onSwap() {
    this.#mark();
    this.#drawings.look();
  }

  #mark() {
    for (const note of this.querySelectorAll(".remark")) note.toggleAttribute("data-selected", note.id === this.#selected);
    const key = this.#selected?.replace("note-", "");
    for (const face of document.querySelectorAll("[data-goes]")) {
      if (face.dataset.goes === key) face.setAttribute("aria-current", "true");
      else face.removeAttribute("aria-current");
    }
  }
}

/** Where a note stands on the way through the clip; those about the whole clip come last. */
function placeOf(note) {
  return note.dataset.first === undefined ? Infinity : Number(note.dataset.first);
}

customElements.define("note-list", NoteList);
