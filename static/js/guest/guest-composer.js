import { clock } from "../time.js";

/**
 * The form for a comment. Its moment follows the film until the first letter: that stops the film and pins the frame.
 * Whoever types another moment, or empties it for the whole clip, has the last word.
 */
class GuestComposer extends HTMLElement {
  #isPinned = false;

  connectedCallback() {
    this.#isPinned = Boolean(this.#text.value || this.#field("drawing").value);
    this.addEventListener("input", this);
    document.addEventListener("film-moment", this);
    this.#follow();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    document.removeEventListener("film-moment", this);
  }

  handleEvent(event) {
    if (event.type === "film-moment") this.#follow();
    else if (event.target.name === "at") this.#typedMoment();
    else if (event.target === this.#text) this.#onText();
  }

  /** From here on the comment is about the frame on screen. */
  pin() {
    if (this.#isPinned) return;
    this.#film?.pause();
    this.#follow();
    this.#isPinned = true;
  }

  get #film() {
    return document.querySelector("guest-film");
  }

  get #text() {
    return this.querySelector("textarea");
  }

  #field(name) {
    return this.querySelector(`[name=${name}]`);
  }

  #follow() {
    if (this.#isPinned || !this.#film?.frame && !this.#film?.seconds) return;
    this.#field("at").value = clock(this.#film.seconds);
    this.#field("frame").value = String(this.#film.frame);
  }

  #typedMoment() {
    this.#isPinned = true;
    this.#field("frame").value = "";
  }

  #onText() {
    if (this.#text.value) this.pin();
    else if (!this.#field("drawing").value) this.#isPinned = false;
  }
}

customElements.define("guest-composer", GuestComposer);
