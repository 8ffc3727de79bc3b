import { keep } from "./address.js";

const BEAT = 1000;

/** The flip: A or B in the same place, by hand (1 and 2, or a press on the picture) or every second. */
class CompareFlip extends HTMLElement {
  #room;
  #stage;
  #timer = 0;

  connectedCallback() {
    this.#room = this.closest("compare-room");
    this.#stage = this.closest(".compare-stage");
    if (!this.#room?.clock) return;
    this.#stage.addEventListener("click", this);
    this.#room.addEventListener("compare-key", this);
    this.#room.addEventListener("viewchange", this);
    this.#show("a");
    this.#keepTime();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  handleEvent(event) {
    if (event.type === "viewchange") this.#keepTime();
    else if (this.#room.view !== "flip") return;
    else if (event.type === "compare-key") this.#onKey(event);
    else this.#onClick(event.target);
  }

  #onClick(target) {
    const beat = target.closest("[data-beat]")?.dataset.beat;
    if (beat) this.#setBeat(beat);
    else if (target.closest(".compare-slot__picture")) this.#byHand(this.#other);
  }

  #onKey(event) {
    const slot = { 1: "a", 2: "b" }[event.detail.key];
    if (!slot) return;
    this.#byHand(slot);
    event.preventDefault();
  }

  get #other() {
    return this.#stage.dataset.shown === "a" ? "b" : "a";
  }

  /** Whoever flips by hand wants to look: the beat stops. */
  #byHand(slot) {
    if (this.#room.dataset.beat !== "hand") this.#setBeat("hand");
    this.#show(slot);
  }

  #setBeat(beat) {
    this.#room.dataset.beat = beat;
    keep({ beat });
    this.#keepTime();
  }

  #keepTime() {
    clearInterval(this.#timer);
    const { beat } = this.#room.dataset;
    this.hidden = beat !== "second";
    if (this.#room.view === "flip" && beat === "second") this.#timer = setInterval(() => this.#show(this.#other), BEAT);
    for (const button of this.#stage.querySelectorAll("[data-beat]")) button.setAttribute("aria-pressed", String(button.dataset.beat === beat));
  }

  #show(slot) {
    this.#stage.dataset.shown = slot;
    this.#stage.querySelector("[data-show=shown]").textContent = slot.toUpperCase();
  }
}

customElements.define("compare-flip", CompareFlip);
