const COLUMNS = 5;
const ROWS = 4;

/** Around a player: until it is played, moving across it moves through its sheet of 20 frames (data-sprite). */
class HoverScrub extends HTMLElement {
  #layers = [];

  connectedCallback() {
    this.addEventListener("pointermove", this);
    this.addEventListener("pointerleave", this);
    this.addEventListener("play", this, true);
  }

  disconnectedCallback() {
    this.#clear();
    this.removeEventListener("pointermove", this);
    this.removeEventListener("pointerleave", this);
    this.removeEventListener("play", this, true);
  }

  handleEvent(event) {
    const isOnBar = event.target.closest?.(".player__bar");
    if (event.type !== "pointermove" || isOnBar || this.#isPlayed || event.pointerType === "touch") this.#clear();
    else this.#show(event);
  }

  get #isPlayed() {
    return Boolean(this.querySelector("simple-player[data-touched], simple-player:not([data-paused])"));
  }

  #show(event) {
    if (!this.dataset.sprite) return;
    if (!this.#layers.length) this.#enter();
    const box = this.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 0.9999);
    const index = Math.floor(share * COLUMNS * ROWS);
    const [frame, line] = this.#layers;
    frame.style.backgroundPosition =
      `${((index % COLUMNS) / (COLUMNS - 1)) * 100}% ${(Math.floor(index / COLUMNS) / (ROWS - 1)) * 100}%`;
    line.style.insetInlineStart = `${share * 100}%`;
  }

  #enter() {
    this.#layers = ["clip-tile__frame", "clip-tile__line"].map((name) => {
      const layer = document.createElement("span");
      layer.className = name;
      layer.setAttribute("aria-hidden", "true");
      return layer;
    });
    this.#layers[0].style.backgroundImage = `url("${encodeURI(this.dataset.sprite)}")`;
    const video = this.querySelector("video");
    if (!video) return;
    video.after(...this.#layers);
    this.#fit(this.#layers[0], video);
  }

  /** The sheet covers the picture, not the black beside it. */
  #fit(frame, video) {
    const shape = Number(video.getAttribute("width")) / Number(video.getAttribute("height"));
    const isWider = video.clientWidth / video.clientHeight > shape;
    Object.assign(frame.style, {
      margin: "auto",
      inlineSize: isWider ? `${video.clientHeight * shape}px` : "100%",
      blockSize: isWider ? "100%" : `${video.clientWidth / shape}px`,
    });
  }

  #clear() {
    for (const layer of this.#layers) layer.remove();
    this.#layers = [];
  }
}

customElements.define("hover-scrub", HoverScrub);
