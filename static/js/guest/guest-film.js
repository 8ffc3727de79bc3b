import { frameAt, middleOf } from "../review/timecode.js";
import { seek } from "../seek.js";

/**
 * The film of the client's page, around a simple player: `frame` is the one on screen, `pause()` and `seek(frame)` do
 * what they say, and "framechange" tells of another one. A press on anything with data-frame, a face above the line or
 * a time in a comment, shows that frame; faces stand where their frames are, and drawings are seen at theirs.
 */
class GuestFilm extends HTMLElement {
  #shape = new ResizeObserver(() => this.#fitLayer());
  // Faces are drawn anew with every answer, wherever that comes from.
  #faces = new MutationObserver(() => this.#placeFaces());
  #told = -1;

  connectedCallback() {
    this.querySelector(".guest__start").hidden = false;
    for (const name of ["play", "timeupdate", "seeked"]) this.#video.addEventListener(name, this);
    document.addEventListener("click", this);
    document.addEventListener("htmx:after:swap", this);
    this.#shape.observe(this.#video);
    this.#faces.observe(this, { childList: true, subtree: true });
    this.#placeFaces();
    this.#showDrawings();
  }

  disconnectedCallback() {
    this.#shape.disconnect();
    this.#faces.disconnect();
    for (const name of ["play", "timeupdate", "seeked"]) this.#video?.removeEventListener(name, this);
    document.removeEventListener("click", this);
    document.removeEventListener("htmx:after:swap", this);
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "htmx:after:swap") this.#showDrawings();
    else if (event.type === "play") this.#followFrames();
    else this.#tell();
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
    if (this.#video.readyState > 0) {
      seek(this.#video, moment);
      return;
    }
    this.#video.addEventListener("loadedmetadata", () => seek(this.#video, moment), { once: true });
    this.#video.preload = "auto";
    this.#video.load();
  }

  get #video() {
    return this.querySelector("video");
  }

  get #layer() {
    return this.querySelector("drawing-layer");
  }

  get #fps() {
    return Number(this.dataset.fps);
  }

  #onClick(event) {
    const place = event.target.closest("button[data-frame]");
    if (!place) return;
    this.seek(Number(place.dataset.frame));
    this.scrollIntoView({ block: "nearest" });
  }

  #followFrames() {
    this.#video.requestVideoFrameCallback?.(() => {
      this.#tell();
      if (!this.#video.paused) this.#followFrames();
    });
  }

  #tell() {
    if (this.frame === this.#told) return;
    this.#told = this.frame;
    this.dispatchEvent(new CustomEvent("framechange", { bubbles: true, detail: { frame: this.frame } }));
  }

  #placeFaces() {
    for (const face of this.querySelectorAll("#guest-markers > [hidden]")) {
      face.style.insetInlineStart = `${(Number(face.dataset.frame) / Number(this.dataset.frames)) * 100}%`;
      face.hidden = false;
    }
  }

  #showDrawings() {
    const drawn = [...document.querySelectorAll("#guest-notes [data-strokes]")];
    this.#layer.show(
      drawn.map(({ id, dataset }) => ({
        key: id,
        frame: Number(dataset.first),
        strokes: JSON.parse(dataset.strokes),
        label: dataset.drawn,
      })),
    );
  }

  /** Drawings lie on the picture, not on the black beside it. */
  #fitLayer() {
    const shape = Number(this.#video.getAttribute("width")) / Number(this.#video.getAttribute("height"));
    const { clientWidth, clientHeight } = this.#video;
    const isWider = clientWidth / clientHeight > shape;
    Object.assign(this.#layer.parentElement.style, {
      inlineSize: isWider ? `${clientHeight * shape}px` : "100%",
      blockSize: isWider ? "100%" : `${clientWidth / shape}px`,
    });
  }
}

customElements.define("guest-film", GuestFilm);
