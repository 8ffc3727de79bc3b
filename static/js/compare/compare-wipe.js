import { keep } from "./address.js";

/** The wipe: A up to the handle, B beyond it. The handle is a slider; arrows move it 1 %, with Shift 10 %. */
class CompareWipe extends HTMLElement {
  #room;
  #stage;

  connectedCallback() {
    this.#room = this.closest("compare-room");
    this.#stage = this.closest(".compare-stage");
    if (!this.#room?.clock) return;
    for (const name of ["pointerdown", "pointermove", "keydown"]) this.addEventListener(name, this);
    this.#stage.addEventListener("click", this);
    this.#show();
  }

  handleEvent(event) {
    if (event.type === "click") this.#turn(event.target.closest("[data-way]"));
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "pointerdown" && !event.button) this.#grab(event);
    else if (event.type === "pointermove" && this.hasPointerCapture(event.pointerId)) this.#drag(event);
  }

  get #isDown() {
    return this.#room.dataset.way === "down";
  }

  #grab(event) {
    this.setPointerCapture(event.pointerId);
    this.#drag(event);
    this.#handle.focus({ preventScroll: true });
    event.preventDefault();
  }

  #drag(event) {
    const box = this.getBoundingClientRect();
    const share = this.#isDown ? (event.clientY - box.top) / box.height : (event.clientX - box.left) / box.width;
    this.#set(Math.round(share * 100));
  }

  #onKey(event) {
    const by = { ArrowLeft: -1, ArrowDown: this.#isDown ? 1 : -1, ArrowRight: 1, ArrowUp: this.#isDown ? -1 : 1 }[event.key];
    const now = Number(this.#room.dataset.split);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (by) this.#set(now + by * (event.shiftKey ? 10 : 1));
    else if (event.key === "Home") this.#set(0);
    else if (event.key === "End") this.#set(100);
    else return;
    event.preventDefault();
  }

  #turn(button) {
    if (!button) return;
    this.#room.dataset.way = button.dataset.way;
    keep({ way: button.dataset.way });
    this.#show();
  }

  #set(percent) {
    this.#room.dataset.split = String(Math.min(Math.max(percent, 0), 100));
    keep({ split: this.#room.dataset.split });
    this.#show();
  }

  get #handle() {
    return this.querySelector("[role=slider]");
  }

  #show() {
    const { split, way } = this.#room.dataset;
    this.#stage.style.setProperty("--split", `${split}%`);
    this.#handle.setAttribute("aria-valuenow", split);
    this.#handle.setAttribute("aria-valuetext", `${split} percent A`);
    this.#handle.setAttribute("aria-orientation", this.#isDown ? "vertical" : "horizontal");
    for (const button of this.#stage.querySelectorAll("[data-way]")) button.setAttribute("aria-pressed", String(button.dataset.way === way));
  }
}

customElements.define("compare-wipe", CompareWipe);
