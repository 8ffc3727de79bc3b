import { shortcut } from "../keys.js";
import { seek } from "../seek.js";
import { clock, clockWithTenths } from "../time.js";

const STEP = 0.1;
const BIG_STEP = 1;

/**
 * The kept stretch of a clip or a voice: a frame over the film that moves, with ends that resize. Both ends are
 * sliders: arrows a tenth of a second, with Shift a second. I and O, anywhere in the drawer, put an end where the player
 * is. What plays goes round in the frame; paused, it can be moved to anywhere.
 */
class KeepStretch extends HTMLElement {
  #drag = null;

  connectedCallback() {
    this.querySelector(".keep-stretch__typed").classList.add("visually-hidden");
    this.addEventListener("pointerdown", this);
    (this.#drawer ?? this).addEventListener("keydown", this);
    this.addEventListener("input", this);
    this.#player?.addEventListener("timeupdate", this);
    this.#player?.addEventListener("loadedmetadata", this);
    this.#paint();
    this.#toStart();
  }

  disconnectedCallback() {
    this.#player?.removeEventListener("timeupdate", this);
    this.#player?.removeEventListener("loadedmetadata", this);
  }

  handleEvent(event) {
    if (event.type === "pointerdown") this.#grab(event);
    else if (event.type === "pointermove") this.#move(event);
    else if (event.type === "pointerup" || event.type === "pointercancel") this.#letGo(event);
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "input") this.#onInput(event.target);
    else if (event.type === "loadedmetadata") this.#toStart();
    else this.#loop();
  }

  get #start() {
    return Number(this.querySelector("[name=start]").value);
  }

  get #end() {
    return Number(this.querySelector("[name=end]").value);
  }

  get #drawer() {
    return this.closest("fix-drawer");
  }

  get #player() {
    return this.#drawer?.querySelector("video, audio") ?? null;
  }

  #limit(name) {
    return Number(this.dataset[name]);
  }

  /** Move both ends, keeping within the file and within what the model takes. */
  #set(start, end, anchor) {
    const whole = this.#limit("whole");
    const longest = Math.min(this.#limit("longest"), whole);
    const shortest = Math.min(this.#limit("shortest"), whole);
    const length = Math.min(Math.max(end - start, shortest), longest);
    const from = anchor === "end" ? end - length : start;
    const kept = Math.min(Math.max(from, 0), whole - length);
    this.querySelector("[name=start]").value = kept.toFixed(1);
    this.querySelector("[name=end]").value = Math.min(kept + length, whole).toFixed(1);
    this.#paint();
    this.#show();
  }

  #grab(event) {
    const part = event.target.closest("[data-part]")?.dataset.part;
    if (!part || event.button) return;
    this.#drag = { part, x: event.clientX, start: this.#start, end: this.#end };
    this.setPointerCapture(event.pointerId);
    for (const name of ["pointermove", "pointerup", "pointercancel"]) this.addEventListener(name, this);
  }

  #move(event) {
    const width = this.querySelector(".stretch").clientWidth;
    const by = ((event.clientX - this.#drag.x) / width) * this.#limit("whole");
    const { part, start, end } = this.#drag;
    if (part === "frame") this.#set(start + by, end + by);
    else if (part === "start") this.#set(Math.min(start + by, end), end, "end");
    else this.#set(start, Math.max(end + by, start));
  }

  #letGo() {
    this.#drag = null;
    for (const name of ["pointermove", "pointerup", "pointercancel"]) this.removeEventListener(name, this);
    this.#toStart();
  }

  #onKey(event) {
    const part = event.target.closest("[role=slider]")?.dataset.part;
    const key = shortcut(event);
    if (!key) return;
    const by = (event.shiftKey ? BIG_STEP : STEP) * ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key] ?? 0);
    const now = this.#player?.currentTime ?? 0;
    const length = this.#end - this.#start;
    if (by && part === "start") this.#set(this.#start + by, this.#end, "end");
    else if (by && part) this.#set(this.#start, this.#end + by);
    else if (key === "i") this.#set(now, now < this.#end ? this.#end : now + length);
    else if (key === "o") this.#set(now > this.#start ? this.#start : now - length, now, "end");
    else return;
    event.preventDefault();
  }

  #onInput(input) {
    if (input.name === "keep") this.#set(this.#start, this.#start + Number(input.value));
    else this.#paint();
  }

  #paint() {
    const [start, end, whole] = [this.#start, this.#end, this.#limit("whole")];
    const frame = this.querySelector(".stretch__frame");
    frame.style.setProperty("--from", (start / whole).toFixed(4));
    frame.style.setProperty("--to", (end / whole).toFixed(4));
    for (const [name, value] of [["start", start], ["end", end]]) {
      const slider = this.querySelector(`[data-part=${name}]`);
      slider.setAttribute("aria-valuemin", "0");
      slider.setAttribute("aria-valuemax", String(whole));
      slider.setAttribute("aria-valuenow", value.toFixed(1));
      slider.setAttribute("aria-valuetext", `${clockWithTenths(value)} of ${clock(Math.round(whole))}`);
      this.querySelector(`.stretch__time[data-show=${name}]`).textContent = clockWithTenths(value);
    }
    const words = `${Number((end - start).toFixed(1))} second${end - start === 1 ? "" : "s"}`;
    this.querySelector("[data-show=head]").textContent = `Keep ${words}`;
    for (const radio of this.querySelectorAll("[name=keep]")) radio.checked = Math.abs(end - start - radio.value) < 0.05;
    this.#tell(words, whole, end - start);
  }

  /** The line of the repair says the same as the frame. */
  #tell(words, whole, length) {
    const line = this.#drawer?.querySelector("[data-repair=trim], [data-repair=keep_readable]");
    if (!line) return;
    line.querySelector("[data-show=title]").textContent = `Trim to ${words}.`;
    line.querySelector("[data-show=change]").textContent = `${whole.toFixed(1)} s → ${length.toFixed(1)} s`;
  }

  #show() {
    if (this.#player?.paused) this.#toStart();
  }

  #toStart() {
    if (this.#player) seek(this.#player, this.#start);
  }

  #loop() {
    const player = this.#player;
    if (this.#drag || player.paused || (player.currentTime >= this.#start - 0.3 && player.currentTime <= this.#end)) return;
    this.#toStart();
  }
}

customElements.define("keep-stretch", KeepStretch);
