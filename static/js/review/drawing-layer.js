import { shortcut } from "../keys.js";
import { DrawPalette } from "./draw-palette.js";
import { pathOf } from "./strokes.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 1000;
const SEEN_AROUND = 2;
const LEAST_MOVE = 0.003;
const STROKES_AT_MOST = 200;
const POINTS_OF_A_STROKE = 2000;
const TWO_CORNERS = new Set(["box", "circle"]);

/**
 * What is drawn on the film, over its picture, inside a player with `frame`, `pause()`, `seek(frame)` and "framechange".
 *
 * `show([{frame, strokes, label}])`: drawings of notes, each seen at its frame and two frames around it.
 * `start()`, `stop()`, `toggle()`, or D: drawing with mouse, pen or finger. `strokes`, `frame` and `clear()`: the drawing
 * that is under way. Tells, bubbling: "drawingchange" {strokes, frame}, "drawmode" {isOn}. Esc and "Done" stop drawing.
 */
class DrawingLayer extends HTMLElement {
  strokes = [];
  frame = null;
  #known = [];
  #shown = "";
  #stroke = null;
  #palette = new DrawPalette((act) => (act === "undo" ? this.undo() : this.stop()));
  #svg = document.createElementNS(SVG, "svg");

  connectedCallback() {
    this.#svg.setAttribute("viewBox", `0 0 ${this.#width} ${HEIGHT}`);
    this.#svg.setAttribute("preserveAspectRatio", "none");
    this.#svg.setAttribute("role", "img");
    this.replaceChildren(this.#svg);
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "click", "dblclick"]) {
      this.addEventListener(name, this);
    }
    this.#player.addEventListener("framechange", this);
    addEventListener("keydown", this);
    this.#draw();
  }

  disconnectedCallback() {
    this.#palette.element.remove();
    this.#player?.removeEventListener("framechange", this);
    removeEventListener("keydown", this);
  }

  get isOn() {
    return this.hasAttribute("data-on");
  }

  show(drawings) {
    this.#known = drawings;
    this.#draw();
  }

  toggle() {
    if (this.isOn) this.stop();
    else this.start();
  }

  start() {
    this.#player.pause();
    this.toggleAttribute("data-on", true);
    this.closest(".review-player__stage").append(this.#palette.element);
    this.#palette.canUndo = this.strokes.length > 0;
    this.#palette.focus();
    this.#tell("drawmode", { isOn: true });
  }

  stop() {
    if (!this.isOn) return;
    const hadFocus = this.#palette.element.contains(document.activeElement);
    this.toggleAttribute("data-on", false);
    this.#palette.element.remove();
    this.#tell("drawmode", { isOn: false, hadFocus });
  }

  undo() {
    this.#set(this.strokes.slice(0, -1));
  }

  clear() {
    this.#set([]);
    this.stop();
  }

  handleEvent(event) {
    if (event.type === "framechange") this.#draw();
    else if (event.type === "keydown") this.#onKey(event);
    else if (!this.isOn) return;
    else if (event.type === "pointerdown") this.#begin(event);
    else if (event.type === "pointermove") this.#go(event);
    else if (event.type === "click" || event.type === "dblclick") event.stopPropagation();
    else this.#end(event.type === "pointerup");
  }

  get #player() {
    return this.closest("review-player, guest-film");
  }

  get #width() {
    const video = this.#player.querySelector("video");
    return (HEIGHT * (Number(video.getAttribute("width")) || 16)) / (Number(video.getAttribute("height")) || 9);
  }

  #onKey(event) {
    if (event.defaultPrevented || event.repeat) return;
    const isUndo = this.isOn && (event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.closest("input, textarea");
    if (isUndo) this.undo();
    else if (shortcut(event) === "d") this.toggle();
    else if (this.isOn && event.key === "Escape") this.stop();
    else return;
    event.preventDefault();
  }

  /** A drawing is about one frame: whoever draws on goes back to it. */
  #begin(event) {
    if (event.button > 0 || this.#stroke || this.strokes.length >= STROKES_AT_MOST) return;
    event.preventDefault();
    event.stopPropagation();
    this.#player.pause();
    if (this.strokes.length && this.frame !== this.#player.frame) this.#player.seek(this.frame);
    this.setPointerCapture(event.pointerId);
    this.#stroke = { kind: this.#palette.kind, colour: this.#palette.colour, points: [this.#spot(event)] };
  }

  #go(event) {
    if (!this.#stroke) return;
    const { points } = this.#stroke;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const each of moves.length ? moves : [event]) {
      const spot = this.#spot(each);
      const [x, y] = points.at(-1);
      if (TWO_CORNERS.has(this.#stroke.kind)) points[1] = spot;
      else if (Math.hypot(spot[0] - x, spot[1] - y) >= LEAST_MOVE && points.length < POINTS_OF_A_STROKE) points.push(spot);
    }
    this.#draw();
  }

  #end(isWhole) {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (isWhole && stroke?.points.length > 1) this.#set([...this.strokes, stroke]);
    else this.#draw();
  }

  #spot({ clientX, clientY }) {
    const box = this.getBoundingClientRect();
    const part = (value) => Number(Math.min(Math.max(0, value), 1).toFixed(4));
    return [part((clientX - box.left) / box.width), part((clientY - box.top) / box.height)];
  }

  #set(strokes) {
    if (!this.strokes.length && strokes.length) this.frame = this.#player.frame;
    this.strokes = strokes;
    if (!strokes.length) this.frame = null;
    this.#palette.canUndo = strokes.length > 0;
    this.#tell("drawingchange", { strokes, frame: this.frame });
    this.#draw();
  }

  #draw() {
    const now = this.#player.frame;
    const seen = this.#known.filter(({ frame }) => Math.abs(frame - now) <= SEEN_AROUND);
    const own = this.frame === null || Math.abs(this.frame - now) <= SEEN_AROUND ? [...this.strokes] : [];
    if (this.#stroke) own.push(this.#stroke);
    const sign = JSON.stringify([seen.map(({ key, strokes }) => [key, strokes.length]), own.length && own]);
    if (sign === this.#shown) return;
    this.#shown = sign;
    const strokes = [...seen.flatMap((drawing) => drawing.strokes), ...own];
    this.#svg.replaceChildren(...strokes.flatMap((stroke) => this.#lines(stroke)));
    const label = seen.map((drawing) => drawing.label).concat(own.length ? ["Your drawing"] : []).join("; ");
    this.#svg.setAttribute("aria-label", label || "Nothing is drawn here");
  }

  /** Each stroke twice: a dark edge, so that it is seen on every picture, and its colour. */
  #lines(stroke) {
    const path = pathOf(stroke, this.#width, HEIGHT);
    return ["edge", stroke.colour].map((colour) => {
      const line = document.createElementNS(SVG, "path");
      line.setAttribute("d", path);
      line.dataset.colour = colour;
      return line;
    });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

customElements.define("drawing-layer", DrawingLayer);
