const MOST = 8;
const STEP = 1.5;
const DRAG_FROM = 4;

/**
 * Looking closer at the picture inside the stage: Ctrl and wheel, two fingers, or by call; dragging moves it.
 * `onChange(scale)` is told of every other size. A drag that something else on the picture uses is left alone.
 */
export class Zoom {
  #stage;
  #picture;
  #onChange;
  #pointers = new Map();
  #scale = 1;
  #x = 0;
  #y = 0;
  /** Whether the press that just ended moved the picture, so that it is no click. */
  hasMoved = false;

  constructor(stage, picture, onChange) {
    this.#stage = stage;
    this.#picture = picture;
    this.#onChange = onChange;
    stage.addEventListener("wheel", this, { passive: false });
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) stage.addEventListener(name, this);
  }

  get scale() {
    return this.#scale;
  }

  closer() {
    this.#zoomTo(this.#scale * STEP, this.#middle);
  }

  farther() {
    this.#zoomTo(this.#scale / STEP, this.#middle);
  }

  fit() {
    this.#zoomTo(1, this.#middle);
  }

  /** Twice as large around a point of the page, or all of it again. */
  toggleAt(event) {
    this.#zoomTo(this.#scale > 1 ? 1 : 2, this.#place(event));
  }

  handleEvent(event) {
    if (event.type === "wheel") this.#onWheel(event);
    else if (event.type === "pointerdown") this.#onDown(event);
    else if (event.type === "pointermove") this.#onMove(event);
    else this.#pointers.delete(event.pointerId);
  }

  #onWheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.#zoomTo(this.#scale * Math.exp(-event.deltaY / 200), this.#place(event));
  }

  #onDown(event) {
    if (event.defaultPrevented || event.button > 0) return;
    this.#pointers.set(event.pointerId, this.#place(event));
    if (this.#pointers.size === 1) this.hasMoved = false;
  }

  #onMove(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#place(event);
    if (this.#pointers.size === 1 && this.#scale === 1) return;
    if (!this.hasMoved && Math.hypot(now.x - before.x, now.y - before.y) < DRAG_FROM) return;
    this.hasMoved = true;
    this.#stage.setPointerCapture(event.pointerId);
    if (this.#pointers.size === 2) this.#pinch(event.pointerId, before, now);
    else this.#moveTo(this.#x + now.x - before.x, this.#y + now.y - before.y);
    this.#pointers.set(event.pointerId, now);
  }

  #pinch(id, before, now) {
    const [other] = [...this.#pointers].filter(([each]) => each !== id).map(([, place]) => place);
    const spread = (place) => Math.hypot(place.x - other.x, place.y - other.y) || 1;
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    this.#zoomTo(this.#scale * (spread(now) / spread(before)), middle);
    this.#moveTo(this.#x + (now.x - before.x) / 2, this.#y + (now.y - before.y) / 2);
  }

  /** A point of the picture's own box, whatever its size now. */
  #place(event) {
    const box = this.#picture.offsetParent.getBoundingClientRect();
    return { x: event.clientX - box.left - this.#picture.offsetLeft, y: event.clientY - box.top - this.#picture.offsetTop };
  }

  get #middle() {
    return { x: this.#picture.offsetWidth / 2, y: this.#picture.offsetHeight / 2 };
  }

  /** The point stays where it is on screen. */
  #zoomTo(scale, point) {
    const next = Math.min(Math.max(1, scale), MOST);
    const grown = next / this.#scale;
    this.#scale = next < 1.01 ? 1 : next;
    this.#moveTo(point.x - (point.x - this.#x) * grown, point.y - (point.y - this.#y) * grown);
    this.#stage.toggleAttribute("data-zoomed", this.#scale > 1);
    this.#onChange(this.#scale);
  }

  /** Never so far that the picture leaves its own box. */
  #moveTo(x, y) {
    const spare = (side) => side * (1 - this.#scale);
    this.#x = Math.min(0, Math.max(spare(this.#picture.offsetWidth), x));
    this.#y = Math.min(0, Math.max(spare(this.#picture.offsetHeight), y));
    this.#picture.style.transform = this.#scale === 1 ? "" : `translate(${this.#x}px, ${this.#y}px) scale(${this.#scale})`;
  }
}
