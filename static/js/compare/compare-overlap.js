import { paintRange } from "../range.js";
import { keep } from "./address.js";

/** The overlap: B over A, mixed by a slider, or as the difference of both, where black means the same. */
class CompareOverlap extends HTMLElement {
  #room;
  #stage;

  connectedCallback() {
    this.#room = this.closest("compare-room");
    this.#stage = this.closest(".compare-stage");
    if (!this.#room?.clock) return;
    this.#stage.addEventListener("click", this);
    this.#slider.addEventListener("input", this);
    this.#show();
  }

  handleEvent(event) {
    const button = event.target.closest("[data-blend]");
    if (event.type === "input") this.#room.dataset.mix = this.#slider.value;
    else if (button) this.#room.dataset.blend = button.dataset.blend;
    else return;
    keep({ mix: this.#room.dataset.mix, blend: this.#room.dataset.blend });
    this.#show();
  }

  get #slider() {
    return this.#stage.querySelector(".compare-mix input");
  }

  #show() {
    const { mix, blend } = this.#room.dataset;
    this.#stage.style.setProperty("--mix", String(Number(mix) / 100));
    this.#slider.value = mix;
    this.#slider.disabled = blend === "difference";
    this.#slider.setAttribute("aria-valuetext", `${mix} percent B`);
    paintRange(this.#slider);
    this.querySelector("[data-show=mix]").textContent = blend === "difference" ? "difference" : words(Number(mix));
    for (const button of this.#stage.querySelectorAll("[data-blend]")) button.setAttribute("aria-pressed", String(button.dataset.blend === blend));
  }
}

function words(mix) {
  if (mix === 50) return "half and half";
  return `${100 - mix} to ${mix}`;
}

customElements.define("compare-overlap", CompareOverlap);
