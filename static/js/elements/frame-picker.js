import { clockWithTenths } from "../time.js";

/** Keeps the moment on screen of the player named in data-player in the form that uses a frame of it. */
class FramePicker extends HTMLElement {
  connectedCallback() {
    this.addEventListener("toggle", this, true);
    this.addEventListener("submit", this);
  }

  disconnectedCallback() {
    this.removeEventListener("toggle", this, true);
    this.removeEventListener("submit", this);
  }

  handleEvent(event) {
    const video = document.getElementById(this.dataset.player)?.querySelector("video");
    if (!video) return;
    if (event.type === "toggle") video.pause();
    this.querySelector("[name=seconds]").value = video.currentTime.toFixed(6);
    this.querySelector("[data-show=moment]").textContent = clockWithTenths(video.currentTime);
  }
}

customElements.define("frame-picker", FramePicker);
