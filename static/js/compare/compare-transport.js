import { paintRange } from "../range.js";
import { timecode } from "../review/timecode.js";

/** The one transport of all films: it shows the room's clock and moves it. */
class CompareTransport extends HTMLElement {
  #room;

  connectedCallback() {
    this.#room = this.closest("compare-room");
    if (!this.#room?.clock) return;
    this.addEventListener("click", this);
    this.addEventListener("input", this);
    this.#clock.addEventListener("tick", this);
    this.#clock.addEventListener("change", this);
    this.#room.addEventListener("soundchange", this);
    document.addEventListener("fullscreenchange", this);
    this.#showAll();
  }

  disconnectedCallback() {
    document.removeEventListener("fullscreenchange", this);
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "input") this.#onInput(event.target);
    else if (event.type === "tick") this.#showTime();
    else this.#showAll();
  }

  get #clock() {
    return this.#room.clock;
  }

  #onClick(event) {
    const target = event.target.closest("button, a");
    const act = target?.dataset.act;
    const acts = {
      play: () => this.#clock.toggle(),
      back: () => this.#clock.step(-1),
      on: () => this.#clock.step(1),
      loop: () => this.#room.setLoop(!this.#clock.loops),
      screen: () => this.#room.toggleScreen(),
      keys: () => this.#room.showKeys(),
      together: () => this.#bringTogether(),
    };
    if (act) acts[act]();
    else if (target?.dataset.speed) this.#room.setSpeed(Number(target.dataset.speed));
    else if (target?.dataset.sound !== undefined) {
      event.preventDefault();
      this.#room.hear(target.dataset.sound);
    } else return;
    if (!act || act === "together") target.closest("menu-button")?.close();
    this.#showAll();
  }

  #onInput(input) {
    if (input.dataset.offsetOf) {
      const frames = Number(input.value);
      if (input.value !== "" && Number.isInteger(frames)) this.#room.shift(input.dataset.offsetOf, frames);
    } else this.#clock.seek(Number(input.value));
  }

  #bringTogether() {
    for (const input of this.querySelectorAll("[data-offset-of]")) {
      input.value = "0";
      this.#room.shift(input.dataset.offsetOf, 0);
    }
  }

  #showTime() {
    const { frame, frames, fps } = this.#clock;
    const scrub = this.querySelector(".compare-transport__scrub > input");
    this.#say("now", timecode(frame, fps));
    scrub.value = String(frame);
    scrub.setAttribute("aria-valuetext", `${timecode(frame, fps)} of ${timecode(frames, fps)}`);
    paintRange(scrub);
  }

  #showAll() {
    const { isPlaying, isWaiting, speed, loops, frames, fps } = this.#clock;
    this.toggleAttribute("data-playing", isPlaying);
    this.toggleAttribute("data-muted", !this.#room.dataset.sound);
    this.querySelector(".compare-transport__scrub > input").max = String(frames - 1);
    this.querySelector("[data-act=play]").setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    this.querySelector("[data-act=loop]").setAttribute("aria-pressed", String(loops));
    this.querySelector("[data-act=screen]").setAttribute("aria-label", document.fullscreenElement ? "Leave full screen" : "Full screen");
    this.querySelector("[data-show=wait]").hidden = !(isPlaying && isWaiting);
    this.#say("length", timecode(frames, fps));
    this.#say("speed", String(speed));
    this.#say("sound", this.#room.dataset.sound ? `Sound from ${this.#nameOf(this.#room.dataset.sound)}` : "No sound");
    this.#say("together", this.#clock.tracks.some((track) => track.offset) ? "Moved by frames" : "Playing together");
    this.#mark("[data-speed]", (item) => Number(item.dataset.speed) === speed);
    this.#mark("[data-sound]", (item) => item.dataset.sound === this.#room.dataset.sound);
    this.#showTime();
  }

  #nameOf(slot) {
    return this.#room.view === "grid" ? "abcd".indexOf(slot) + 1 : slot.toUpperCase();
  }

  #mark(items, isCurrent) {
    for (const item of this.querySelectorAll(items)) {
      if (isCurrent(item)) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
  }

  #say(name, words) {
    const place = this.querySelector(`[data-show=${name}]`);
    if (place && place.textContent !== words) place.textContent = words;
  }
}

customElements.define("compare-transport", CompareTransport);
