import { clock } from "../time.js";

/**
 * The form for a comment. Its moment follows the film until the first letter or stroke: that stops the film and pins
 * the frame. Whoever types another moment, or empties it for the whole clip, has the last word.
 */
class GuestComposer extends HTMLElement {
  #isPinned = false;

  connectedCallback() {
    this.#isPinned = Boolean(this.#field("text").value || this.#field("drawing").value);
    if (!this.#field("drawing").value) this.#layer?.clear?.();
    this.querySelector("[data-show=draw]").hidden = !this.#layer;
    this.addEventListener("input", this);
    this.addEventListener("click", this);
    for (const name of ["framechange", "drawingchange", "drawmode"]) document.addEventListener(name, this);
    this.#follow();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    this.removeEventListener("click", this);
    for (const name of ["framechange", "drawingchange", "drawmode"]) document.removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "framechange") this.#follow();
    else if (event.type === "drawingchange") this.#onDrawing(event.detail);
    else if (event.type === "drawmode") this.#onMode(event.detail);
    else if (event.type === "click") this.#onClick(event);
    else if (event.target.name === "at") this.#onMoment();
    else if (event.target.name === "text") this.#onText();
  }

  get #film() {
    return document.querySelector("guest-film");
  }

  get #layer() {
    return document.querySelector("guest-film drawing-layer");
  }

  get #isEmpty() {
    return !this.#field("text").value && !this.#field("drawing").value;
  }

  #field(name) {
    return this.querySelector(`[name=${name}]`);
  }

  /** Before anything was watched, a comment is about the whole clip. */
  #follow() {
    if (!this.#isPinned && this.#film?.seconds) this.#setMoment(this.#film.frame, this.#film.seconds);
  }

  #pin() {
    if (this.#isPinned) return;
    this.#film?.pause();
    this.#follow();
    this.#isPinned = true;
  }

  #setMoment(frame, seconds) {
    this.#field("frame").value = String(frame);
    this.#field("at").value = clock(seconds);
  }

  #onMoment() {
    this.#isPinned = true;
    this.#field("frame").value = "";
  }

  #onText() {
    if (this.#isEmpty) this.#isPinned = false;
    else this.#pin();
  }

  #onClick(event) {
    if (event.target.closest("[data-act=draw]")) this.#layer.toggle();
  }

  #onMode({ isOn, hadFocus }) {
    this.querySelector("[data-act=draw]").setAttribute("aria-pressed", String(isOn));
    if (!isOn && hadFocus) this.#field("text").focus();
  }

  #onDrawing({ strokes, frame }) {
    this.#field("drawing").value = strokes.length ? JSON.stringify(strokes) : "";
    this.#isPinned = !this.#isEmpty;
    if (frame !== null) this.#setMoment(frame, frame / Number(this.#film.dataset.fps));
  }
}

customElements.define("guest-composer", GuestComposer);
