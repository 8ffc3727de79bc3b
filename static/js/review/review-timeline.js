import { TILES, paintTile, tileAt } from "./filmstrip.js";
import { timecode } from "./timecode.js";

const LABEL_WIDTH = 56;
const TICK_WIDTH = 28;
const PREVIEW_HEIGHT = 112;
const POINTER_EVENTS = ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"];

/**
 * The film from left to right under a review-player: dragging scrubs, with Shift it selects a stretch; moving across
 * shows the frame there. Every [data-frame] in #note-markers is put above its frame, and as wide as its stretch if it
 * has data-last-frame; that also holds for those that come later. The keys are the player's (player-keys.js).
 */
class ReviewTimeline extends HTMLElement {
  #player;
  #track;
  #sizes;
  #markers;
  #selectsFrom = null;

  connectedCallback() {
    this.#player = this.closest("review-player");
    this.#track = this.querySelector("[role=slider]");
    for (const name of POINTER_EVENTS) this.#track.addEventListener(name, this);
    for (const name of ["framechange", "rangechange"]) this.#player.addEventListener(name, this);
    this.#sizes = new ResizeObserver(() => this.#draw());
    this.#sizes.observe(this.#track);
    this.#markers = new MutationObserver(() => this.#placeMarkers());
    this.#markers.observe(this.querySelector(".review-timeline__above"), {
      childList: true,
      subtree: true,
      attributeFilter: ["data-frame", "data-last-frame", "style"],
    });
    this.#placeMarkers();
    this.#showFrame();
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    this.#markers.disconnect();
    for (const name of POINTER_EVENTS) this.#track.removeEventListener(name, this);
    for (const name of ["framechange", "rangechange"]) this.#player.removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "framechange") this.#showFrame();
    else if (event.type === "rangechange") this.#showRange(event.detail);
    else if (event.type === "pointerdown") this.#onDown(event);
    else if (event.type === "pointermove") this.#onMove(event);
    else if (event.type === "pointerleave") this.#hidePreview();
    else this.#selectsFrom = null;
  }

  #onDown(event) {
    if (event.button > 0) return;
    event.preventDefault();
    this.#track.focus({ preventScroll: true });
    this.#track.setPointerCapture(event.pointerId);
    const frame = this.#frameUnder(event);
    this.#selectsFrom = event.shiftKey ? frame : null;
    this.#player.pause();
    this.#player.seek(frame);
  }

  #onMove(event) {
    const frame = this.#frameUnder(event);
    if (this.#track.hasPointerCapture(event.pointerId)) {
      if (this.#selectsFrom !== null) this.#player.setRange(this.#selectsFrom, frame);
      this.#player.seek(frame);
    }
    if (event.pointerType === "mouse") this.#showPreview(frame);
  }

  #frameUnder(event) {
    const box = this.#track.getBoundingClientRect();
    const share = (event.clientX - box.left) / (box.width || 1);
    return Math.min(Math.max(0, Math.floor(share * this.#player.frames)), this.#player.frames - 1);
  }

  #showFrame() {
    const { frame, frames, fps } = this.#player;
    this.style.setProperty("--at", this.#share(frame));
    this.#track.setAttribute("aria-valuenow", String(frame));
    this.#track.setAttribute("aria-valuetext", `${timecode(frame, fps)}, frame ${frame} of ${frames}`);
  }

  #showRange(range) {
    const bar = this.querySelector(".review-timeline__range");
    bar.hidden = !range;
    for (const words of this.#player.querySelectorAll("[data-show=range]")) {
      words.textContent = range ? this.#rangeWords(range) : "";
    }
    if (range) this.#put(bar, range.first, range.last);
  }

  #rangeWords({ first, last }) {
    const { fps } = this.#player;
    return `${timecode(first, fps)} to ${timecode(last, fps)}`;
  }

  #placeMarkers() {
    for (const marker of this.querySelectorAll("#note-markers [data-frame]")) {
      const first = Number(marker.dataset.frame);
      const last = marker.dataset.lastFrame;
      this.#put(marker, first, last === undefined || last === "" ? null : Number(last));
    }
  }

  #put(element, first, last) {
    setStyle(element, "insetInlineStart", this.#share(first));
    if (last !== null) setStyle(element, "inlineSize", this.#share(last + 1 - first));
  }

  #share(frames) {
    return `${Number(((frames / this.#player.frames) * 100).toFixed(3))}%`;
  }

  #showPreview(frame) {
    const preview = this.querySelector(".review-timeline__preview");
    const [width, height] = this.#previewSize;
    preview.hidden = false;
    preview.querySelector("output").textContent = timecode(frame, this.#player.fps);
    const middle = (frame / this.#player.frames) * this.#track.clientWidth;
    const left = Math.min(Math.max(width / 2, middle), this.#track.clientWidth - width / 2);
    preview.style.insetInlineStart = `${left}px`;
    const picture = preview.querySelector(".review-timeline__tile");
    picture.hidden = !this.dataset.sprite;
    Object.assign(picture.style, { inlineSize: `${width}px`, blockSize: `${height}px` });
    if (this.dataset.sprite) this.#paint(picture, (frame + 0.5) / this.#player.frames, width, height);
  }

  get #previewSize() {
    return this.#shape > 1 ? [PREVIEW_HEIGHT * this.#shape, PREVIEW_HEIGHT] : [PREVIEW_HEIGHT, PREVIEW_HEIGHT / this.#shape];
  }

  #hidePreview() {
    this.querySelector(".review-timeline__preview").hidden = true;
  }

  get #shape() {
    const video = this.#player.querySelector("video");
    return video.getAttribute("width") / video.getAttribute("height") || 16 / 9;
  }

  #draw() {
    if (this.dataset.sprite) this.#drawCells();
    this.#drawTicks();
  }

  #drawCells() {
    const strip = this.querySelector(".review-timeline__strip");
    while (strip.childElementCount < TILES) strip.append(document.createElement("span"));
    const width = this.#track.clientWidth / TILES;
    const height = this.#track.clientHeight;
    [...strip.children].forEach((cell, index) => this.#paint(cell, (index + 0.5) / TILES, width, height));
  }

  #paint(box, share, width, height) {
    paintTile(box, { sprite: this.dataset.sprite, tile: tileAt(share), shape: this.#shape, width, height });
  }

  /** A label for every second, or for every few where they would stand too close. */
  #drawTicks() {
    const { frames, fps } = this.#player;
    const seconds = Math.floor((frames - 1) / fps);
    const perSecond = (this.#track.clientWidth * fps) / frames;
    const step = [1, 2, 5, 10, 15, 30].find((each) => each * perSecond >= LABEL_WIDTH) ?? 60;
    const ticks = [];
    for (let second = 0; second <= seconds; second += step) {
      const tick = document.createElement("span");
      tick.textContent = timecode(Math.ceil(second * fps - 1e-6), fps).replace(/\.\d+$/, "");
      tick.style.insetInlineStart = `min(${this.#share(second * fps)}, calc(100% - ${TICK_WIDTH}px))`;
      ticks.push(tick);
    }
    this.querySelector(".review-timeline__ticks").replaceChildren(...ticks);
  }
}

function setStyle(element, name, value) {
  if (element.style[name] !== value) element.style[name] = value;
}

customElements.define("review-timeline", ReviewTimeline);
