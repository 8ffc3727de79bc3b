import { frameAt, middleOf } from "../review/timecode.js";

/**
 * The film of the client's page, around a simple player: `frame` is the one on screen, `pause()` and `seek(frame)`
 * do what they say. A press on anything with data-frame, a face above the line or a time in a comment, shows that
 * frame; the faces stand where their frames are. "film-moment" tells whenever another moment is on screen.
 */
class GuestFilm extends HTMLElement {
  #marks;

  connectedCallback() {
    this.querySelector(".guest__start").hidden = false;
    this.#video.addEventListener("timeupdate", this);
    this.#video.addEventListener("seeked", this);
    document.addEventListener("click", this);
    document.addEventListener("htmx:after:swap", this);
    // The faces are drawn anew with every answer, wherever that comes from.
    this.#marks = new MutationObserver(() => this.#placeFaces());
    this.#marks.observe(this, { childList: true, subtree: true });
    this.#placeFaces();
  }

  disconnectedCallback() {
    this.#marks.disconnect();
    this.#video?.removeEventListener("timeupdate", this);
    this.#video?.removeEventListener("seeked", this);
    document.removeEventListener("click", this);
    document.removeEventListener("htmx:after:swap", this);
  }

  handleEvent(event) {
    if (event.type !== "click") return this.#tell();
    const place = event.target.closest("[data-frame]");
    if (place) this.seek(Number(place.dataset.frame));
  }

  get seconds() {
    return this.#video.currentTime;
  }

  get frame() {
    return Math.min(frameAt(this.seconds, this.#fps), Number(this.dataset.frames) - 1);
  }

  pause() {
    this.#video.pause();
  }

  /** Shows a frame and stays there. What was not fetched yet is fetched for it. */
  seek(frame) {
    this.pause();
    const moment = middleOf(frame, this.#fps);
    if (this.#video.readyState > 0) this.#video.currentTime = moment;
    else {
      this.#video.addEventListener("loadedmetadata", () => (this.#video.currentTime = moment), { once: true });
      this.#video.load();
      this.#video.preload = "auto";
    }
    this.scrollIntoView({ block: "nearest" });
  }

  get #video() {
    return this.querySelector("video");
  }

  get #fps() {
    return Number(this.dataset.fps);
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("film-moment", { bubbles: true }));
  }

  #placeFaces() {
    for (const face of this.querySelectorAll("#guest-markers > [hidden]")) {
      face.style.insetInlineStart = `${(Number(face.dataset.frame) / Number(this.dataset.frames)) * 100}%`;
      face.hidden = false;
    }
  }
}

customElements.define("guest-film", GuestFilm);
