import { shortcut } from "../keys.js";
import { PeopleList } from "./people-list.js";
import { timecode } from "./timecode.js";
import { ask } from "../ask.js";

const PAGE_EVENTS = ["framechange", "rangechange", "drawingchange", "drawmode", "note-kept", "keydown"];
const OWN_EVENTS = ["input", "click", "submit", "keydown"];

/**
 * The form for a new note. Its chip follows the film. The first letter, M, or the first stroke stops the film and pins
 * the frame on screen, or the marked stretch; the cross makes it about the whole clip. Enter sends, Shift with Enter
 * begins a line. What the server refuses stays in the form. On phones it stands right above the dock (--dock-height).
 */
class NoteComposer extends HTMLElement {
  #place = null;
  #isWhole = false;
  #range = null;
  #people;
  #dockHeight = new ResizeObserver(([dock]) => this.style.setProperty("--dock-height", `${dock.borderBoxSize[0].blockSize}px`));

  connectedCallback() {
    if (!this.#player) return;
    const dock = document.querySelector(".dock");
    if (dock) this.#dockHeight.observe(dock);
    this.querySelector("[data-part=at]").remove();
    for (const part of this.querySelectorAll("[data-part=chip], [data-act=draw]")) part.hidden = false;
    for (const name of PAGE_EVENTS) document.addEventListener(name, this);
    for (const name of OWN_EVENTS) this.addEventListener(name, this);
    this.#people = new PeopleList(this, this.#text, document.querySelector("note-list").dataset.beside);
    this.#show();
  }

  disconnectedCallback() {
    this.#people?.leave();
    this.#dockHeight.disconnect();
    for (const name of PAGE_EVENTS) document.removeEventListener(name, this);
    for (const name of OWN_EVENTS) this.removeEventListener(name, this);
  }

  handleEvent(event) {
    const isOwn = event.currentTarget === this;
    if (event.type === "keydown") return isOwn ? this.#onOwnKey(event) : this.#onPageKey(event);
    ({
      input: () => this.#onInput(event),
      click: () => this.#onClick(event),
      submit: () => this.#send(event),
      framechange: () => this.#place ?? this.#show(),
      rangechange: () => this.#onRange(event.detail),
      drawingchange: () => this.#onDrawing(event.detail),
      drawmode: () => this.#onDrawMode(event.detail),
      "note-kept": () => event.target === this.#form && this.#begin(event.detail.next),
    })[event.type]();
  }

  /** From here on the note is about what is on screen. */
  pin() {
    if (this.#place || this.#isWhole) return;
    this.#player.pause();
    const { frame } = this.#player;
    this.#place = this.#range ?? { first: frame, last: frame };
    this.#show();
  }

  get #player() {
    return document.querySelector("review-player");
  }

  get #layer() {
    return document.querySelector("drawing-layer");
  }

  get #form() {
    return this.querySelector("form");
  }

  get #text() {
    return this.querySelector("textarea");
  }

  #onPageKey(event) {
    if (shortcut(event) !== "m" || event.defaultPrevented) return;
    event.preventDefault();
    this.#isWhole = false;
    this.pin();
    this.#text.focus();
  }

  #onOwnKey(event) {
    if (event.target !== this.#text || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && !event.shiftKey) this.#form.requestSubmit();
    else if (event.key === "Escape") this.#text.blur();
    else return;
    event.preventDefault();
    if (event.key === "Escape") this.#letGo();
  }

  #onInput(event) {
    if (event.target !== this.#text) return;
    this.#say("");
    if (this.#text.value) this.pin();
    else this.#letGo();
  }

  #onClick(event) {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "draw") this.#layer.toggle();
    else if (act === "pin") this.#pinHere();
    else if (act === "unpin") this.#makeWhole();
  }

  #pinHere() {
    if (this.#place) return this.#player.seek(this.#place.first);
    this.#isWhole = false;
    this.pin();
  }

  #makeWhole() {
    this.#place = null;
    this.#isWhole = true;
    this.#layer.clear();
    this.#show();
    this.#text.focus();
  }

  /** Nothing is written or drawn any more: follow the film again. */
  #letGo() {
    if (this.#text.value || this.#layer?.strokes.length) return;
    this.#place = null;
    this.#isWhole = false;
    this.#show();
  }

  #onRange(range) {
    this.#range = range;
    if (!this.#place) this.#show();
  }

  #onDrawing({ strokes, frame }) {
    if (!strokes.length) return this.#letGo();
    this.#isWhole = false;
    if (!this.#place || frame < this.#place.first || frame > this.#place.last) this.#place = { first: frame, last: frame };
    this.#show();
  }

  #onDrawMode({ isOn, hadFocus }) {
    this.querySelector("[data-act=draw]").setAttribute("aria-pressed", String(isOn));
    if (!isOn && hadFocus) this.#text.focus();
  }

  async #send(event) {
    event.preventDefault();
    const form = this.#form;
    if (form.ariaBusy === "true") return;
    const strokes = this.#layer.strokes;
    const place = this.#isWhole ? null : this.#place ?? { first: this.#player.frame, last: this.#player.frame };
    const values = { frame: place?.first ?? "", last_frame: place?.last ?? "", drawing: strokes.length ? JSON.stringify(strokes) : "" };
    if (strokes.length) Object.assign(values, { frame: this.#layer.frame, last_frame: Math.max(place.last, this.#layer.frame) });
    form.ariaBusy = "true";
    await ask("POST", new URL(form.action).pathname, { source: form, swap: "none", values }).catch(() => {});
    form.ariaBusy = null;
  }

  /** The note is kept: an empty form for the next one. */
  #begin(nextId) {
    this.#text.value = "";
    this.#form.elements.namedItem("note_id").value = nextId;
    this.#form.elements.namedItem("team_only").checked = false;
    this.#layer.clear();
    this.#say("");
    this.#letGo();
  }

  #say(sentence) {
    const place = this.querySelector("[role=alert]");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  #show() {
    const chip = this.querySelector("[data-act=pin]");
    chip.textContent = this.#isWhole ? "Whole clip" : this.#words(this.#place ?? this.#range);
    chip.toggleAttribute("data-whole", this.#isWhole);
    chip.setAttribute("aria-label", this.#isWhole ? "About the whole clip; press for this frame" : `About ${chip.textContent}`);
    this.querySelector("[data-act=unpin]").hidden = this.#isWhole;
  }

  #words(place) {
    const { frame, fps } = this.#player;
    const first = timecode(place?.first ?? frame, fps);
    return place && place.last !== place.first ? `${first} to ${timecode(place.last, fps)}` : first;
  }
}

customElements.define("note-composer", NoteComposer);
