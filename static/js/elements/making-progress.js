const STRAIGHT_UNTIL = 0.8;
const ROOM_LEFT = 0.16;

/** Elapsed over expected as a percentage, ever slower near the end, never past 96. As in studio/takes/progress.py. */
function eased(share) {
  if (share <= STRAIGHT_UNTIL) return Math.round(100 * Math.max(0, share));
  const over = (share - STRAIGHT_UNTIL) / ROOM_LEFT;
  return Math.min(96, Math.round(100 * (STRAIGHT_UNTIL + ROOM_LEFT * (1 - Math.exp(-over)))));
}

/** Moves a bar or ring between two polls: data-seconds elapsed when the page was made, of data-expected. data-told stands. */
class MakingProgress extends HTMLElement {
  static observedAttributes = ["data-seconds", "data-expected", "data-told"];
  #timer = 0;
  #since = 0;

  connectedCallback() {
    this.#since = performance.now();
    this.#timer = setInterval(() => this.#show(), 1000);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  attributeChangedCallback() {
    this.#since = performance.now();
    if (this.isConnected) this.#show();
  }

  #show() {
    const elapsed = Number(this.dataset.seconds) + (performance.now() - this.#since) / 1000;
    const expected = Number(this.dataset.expected);
    const percent = this.dataset.told === undefined ? eased(elapsed / expected) : Number(this.dataset.told);
    const bar = this.querySelector("progress");
    if (bar) bar.value = percent;
    this.querySelector("circle:last-child")?.setAttribute("stroke-dasharray", `${percent} 100`);
    if (elapsed > 1.25 * expected + 3) this.#sayLate();
  }

  #sayLate() {
    const shown = this.closest("[data-status=running]");
    if (!shown || shown.hasAttribute("data-late")) return;
    shown.setAttribute("data-late", "");
    const word = shown.querySelector(".status__word");
    if (word?.textContent === "Generating") word.textContent = "Taking longer than usual";
  }
}

customElements.define("making-progress", MakingProgress);
