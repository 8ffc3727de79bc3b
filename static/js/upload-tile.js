import { Sending } from "./sending.js";
import { clock } from "./time.js";

const PREVIEW_SIDE = 320;
const PREVIEW_AT_MOST = 30 * 1024 * 1024;

/**
 * One file in the page while it is sent and checked, and afterwards until the page has its own place for it.
 * The markup is the page's <template data-upload-tile>; its states are those of the reference tile.
 */
export class UploadTile {
  #sending;
  #area;

  constructor(file, { template, area, where, place }) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.file = file;
    this.use = where.use;
    this.place = place;
    this.outcome = null;
    this.#area = area;
    this.#sending = new Sending(file, where, {
      progress: (sent, size) => this.#progress(sent, size),
      checking: () => this.#show("checking", "Checking"),
      ready: (told) => this.#ready(told),
      refused: (sentence) => this.#refused(sentence),
      broken: (sentence) => this.#broken(sentence),
    });
    this.element.addEventListener("click", (event) => this.#onClick(event));
    this.#part("name").textContent = file.name;
    this.#preview();
  }

  start() {
    this.#show("uploading", "Uploading");
    this.#say("");
    this.#sending.start().catch(() => this.#broken("The studio didn’t answer."));
  }

  remove() {
    this.element.remove();
    this.#area.forget(this);
  }

  get isUnderWay() {
    return this.outcome === null;
  }

  get isBroken() {
    return this.element.dataset.state === "broken" && this.isUnderWay;
  }

  #onClick(event) {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "again") this.start();
    if (act !== "remove") return;
    if (this.isUnderWay) this.#sending.stop();
    this.remove();
  }

  #progress(sent, size) {
    const share = size ? Math.round((sent / size) * 100) : 0;
    const bar = this.element.querySelector("progress");
    bar.value = share;
    bar.textContent = `${share}%`;
  }

  #ready(told) {
    this.outcome = told.outcome;
    this.told = told;
    const isFine = told.outcome === "accept";
    this.#show(isFine ? "ready" : "set-aside", isFine ? "Ready" : "Can be fixed");
    this.#say(isFine ? "" : told.summary);
    this.element.dataset.kind = told.kind;
    if (told.seconds) this.#part("length").textContent = clock(Math.round(told.seconds));
    const { element: tile, use, place } = this;
    const detail = { ...told, name: this.file.name, use, place, tile, done: () => this.remove() };
    this.#area.announce("file-ready", detail);
  }

  #refused(sentence) {
    this.outcome = "reject";
    this.#show("broken", "Can’t be used");
    this.#say(sentence);
    const detail = { name: this.file.name, summary: sentence, use: this.use, place: this.place };
    this.#area.announce("file-refused", detail);
  }

  #broken(sentence) {
    this.#show("broken", "Stopped");
    this.#say(sentence, { again: true });
    this.#area.announce("file-broken", { name: this.file.name, summary: sentence });
  }

  #show(state, words) {
    this.element.dataset.state = state;
    this.#part("state").textContent = words;
    this.element.querySelector("progress").hidden = state !== "uploading";
    this.element.setAttribute("aria-label", `${this.file.name}, ${words.toLowerCase()}`);
  }

  #say(sentence, { again = false } = {}) {
    const line = this.#part("say");
    line.textContent = sentence;
    line.hidden = !sentence;
    this.element.querySelector("[data-act=again]").hidden = !again;
  }

  #part(name) {
    return this.element.querySelector(`[data-show=${name}]`);
  }

  // Drawn, not linked: the policy of the page takes pictures from the studio only.
  async #preview() {
    if (!this.file.type.startsWith("image/") || this.file.size > PREVIEW_AT_MOST) return;
    const canvas = this.element.querySelector("canvas");
    try {
      const picture = await createImageBitmap(this.file, { resizeWidth: PREVIEW_SIDE, resizeQuality: "medium" });
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext("2d").drawImage(picture, 0, 0);
      canvas.hidden = false;
      picture.close();
    } catch {
      canvas.hidden = true;
    }
  }
}
