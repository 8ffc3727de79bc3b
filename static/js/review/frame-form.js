import { timecode } from "./timecode.js";

/** Keeps the frame on screen of the review-player around it in the form that makes something of it. */
class FrameForm extends HTMLElement {
  #player;

  connectedCallback() {
    this.#player = this.closest("review-player");
    this.#player.addEventListener("framechange", this);
    this.addEventListener("toggle", this, true);
    this.addEventListener("click", this);
    this.#show();
  }

  disconnectedCallback() {
    this.#player.removeEventListener("framechange", this);
    this.removeEventListener("toggle", this, true);
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "toggle") this.#player.pause();
    else if (event.type === "click" && event.target.closest("[name=use]")) this.querySelector("menu-button").close();
    this.#show();
  }

  #show() {
    const { frame, fps } = this.#player;
    this.querySelector("[name=frame]").value = String(frame);
    this.querySelector("[data-show=moment]").textContent = timecode(frame, fps);
  }
}

customElements.define("frame-form", FrameForm);
