import { clockWithTenths } from "../time.js";

const COLUMNS = 5;
const ROWS = 4;
const LONG_PRESS = 450;
const HINT_KEY = "scrub-hint-seen";

/**
 * Moving across the picture moves through the clip: a sheet of 20 frames in data-sprite, its length in data-seconds.
 * Space on the picture's link plays data-clip, muted. A long press with a finger selects instead of opening.
 */
class ScrubTile extends HTMLElement {
  #frame = null;
  #line = null;
  #badge = null;
  #length = "";
  #press = 0;
  #selectedByPress = false;

  connectedCallback() {
    for (const name of ["pointerenter", "pointermove", "pointerleave", "pointerdown", "pointerup", "pointercancel"]) {
      this.addEventListener(name, this);
    }
    this.addEventListener("keydown", this);
    this.addEventListener("click", this, true);
    this.addEventListener("contextmenu", this);
  }

  disconnectedCallback() {
    clearTimeout(this.#press);
    this.#leave();
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "click") this.#onClick(event);
    else if (event.type === "contextmenu" && this.#selectedByPress) event.preventDefault();
    else if (event.pointerType === "touch") this.#onTouch(event);
    else if (event.type === "pointermove") this.#scrub(event);
    else if (event.type === "pointerleave") this.#leave();
  }

  #scrub(event) {
    if (!this.dataset.sprite || this.querySelector("video")) return;
    if (!this.#frame) this.#enter();
    const box = this.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 0.9999);
    const index = Math.floor(share * COLUMNS * ROWS);
    const x = ((index % COLUMNS) / (COLUMNS - 1)) * 100;
    const y = (Math.floor(index / COLUMNS) / (ROWS - 1)) * 100;
    this.#frame.style.backgroundPosition = `${x}% ${y}%`;
    this.#line.style.insetInlineStart = `${share * 100}%`;
    if (this.#badge) this.#badge.textContent = clockWithTenths(share * Number(this.dataset.seconds));
  }

  #enter() {
    this.#frame = this.#layer("clip-tile__frame");
    this.#frame.style.backgroundImage = `url("${encodeURI(this.dataset.sprite)}")`;
    this.#line = this.#layer("clip-tile__line");
    this.querySelector("a").after(this.#frame, this.#line);
    this.#badge = this.querySelector(".badge");
    this.#length = this.#badge?.textContent ?? "";
    this.#hint(true);
  }

  #leave() {
    if (!this.#frame) return;
    this.#frame.remove();
    this.#line.remove();
    this.#frame = this.#line = null;
    if (this.#badge) this.#badge.textContent = this.#length;
    this.#hint(false);
  }

  #layer(name) {
    const layer = document.createElement("span");
    layer.className = name;
    layer.setAttribute("aria-hidden", "true");
    return layer;
  }

  #hint(isShown) {
    const hint = this.querySelector(".clip-tile__hint");
    if (!hint || (isShown && localStorage.getItem(HINT_KEY))) return;
    hint.hidden = !isShown;
    if (!isShown) localStorage.setItem(HINT_KEY, "1");
  }

  #onKey(event) {
    if (event.key !== " " || !event.target.closest("a") || !this.dataset.clip) return;
    event.preventDefault();
    const playing = this.querySelector("video");
    if (playing) playing.remove();
    else this.#play();
  }

  #play() {
    this.#leave();
    const video = document.createElement("video");
    Object.assign(video, { src: this.dataset.clip, muted: true, loop: true, autoplay: true, playsInline: true });
    video.className = "clip-tile__frame";
    this.querySelector("a").after(video);
  }

  #onTouch(event) {
    clearTimeout(this.#press);
    if (event.type === "pointerdown") {
      this.#selectedByPress = false;
      this.#press = setTimeout(() => this.#select(), LONG_PRESS);
    }
  }

  #select() {
    const box = this.querySelector("input[type=checkbox]");
    if (!box) return;
    this.#selectedByPress = true;
    box.click();
  }

  #onClick(event) {
    if (!this.#selectedByPress || !event.target.closest("a")) return;
    this.#selectedByPress = false;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("scrub-tile", ScrubTile);
