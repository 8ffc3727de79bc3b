import { shortcut } from "../keys.js";

/**
 * Selecting clips: counts what is checked, shows the selection bar, and takes keys outside text fields: arrows move
 * between clips, X selects, Esc clears. The bar is a form of its own that the checkboxes belong to.
 */
class ClipGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
    this.addEventListener("click", this);
    document.addEventListener("keydown", this);
    document.addEventListener("htmx:after:swap", this);
    this.#count();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    document.removeEventListener("htmx:after:swap", this);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "click") this.#onClick(event);
    else this.#count();
  }

  get #boxes() {
    return [...this.querySelectorAll("input[name=clip]")];
  }

  get #links() {
    return [...this.querySelectorAll("[data-clip-link]")];
  }

  #onClick(event) {
    if (event.target.closest(".selection-bar__close")) this.#clear();
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  }

  #count() {
    const count = this.#boxes.filter((box) => box.checked).length;
    const bar = this.querySelector(".selection-bar");
    bar.hidden = !count;
    for (const words of this.querySelectorAll("[data-count]")) {
      say(words, words.dataset.count.replace("#", `${count} clip${count === 1 ? "" : "s"}`));
    }
    say(bar.querySelector(".selection-bar__count"), `${count} selected`);
    this.#offerToCompare(bar.querySelector("[data-compare]"));
  }

  /** Two to four clips that play, the oldest first. Otherwise the label says what is missing. */
  #offerToCompare(link) {
    const boxes = this.#boxes.filter((box) => box.checked);
    const areReady = boxes.every((box) => box.closest("scrub-tile")?.dataset.clip);
    const why = boxes.length < 2 || boxes.length > 4 ? "Compare takes 2 to 4" : areReady ? "" : "Compare takes ready clips";
    const query = boxes.reverse().map((box, index) => `${"abcd"[index]}=${box.value}`);
    say(link.querySelector("span"), why || "Compare");
    if (why) link.removeAttribute("href");
    else link.href = `${link.dataset.compare}?${query.join("&")}`;
    link.setAttribute("aria-disabled", String(Boolean(why)));
  }

  #clear() {
    for (const box of this.#boxes) box.checked = false;
    this.#count();
  }

  #onKey(event) {
    const key = shortcut(event);
    const acts = {
      x: () => this.#toggle(),
      Escape: () => this.#clear(),
      ArrowRight: () => this.#move(1),
      ArrowLeft: () => this.#move(-1),
      ArrowDown: () => this.#moveLine(1),
      ArrowUp: () => this.#moveLine(-1),
    };
    const act = acts[key];
    if (!act || (key === "Escape" && document.querySelector("details[open]"))) return;
    if (act() !== false) event.preventDefault();
  }

  #toggle() {
    const box = document.activeElement?.closest("[id^=clip-]")?.querySelector("input[name=clip]");
    box?.click();
    return Boolean(box);
  }

  #move(step) {
    const links = this.#links;
    const at = links.indexOf(document.activeElement);
    if (at < 0 && !this.contains(document.activeElement) && document.activeElement !== document.body) return false;
    links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
    return true;
  }

  /** The clip of the next line that stands closest below or above. */
  #moveLine(step) {
    const links = this.#links;
    const from = document.activeElement;
    if (!links.includes(from)) return false;
    const here = from.getBoundingClientRect();
    const middle = here.left + here.width / 2;
    const lines = links
      .map((link) => ({ link, box: link.getBoundingClientRect() }))
      .filter(({ box }) => (step > 0 ? box.top > here.bottom - 2 : box.bottom < here.top + 2));
    lines.sort((a, b) => step * (a.box.top - b.box.top) || distance(a.box, middle) - distance(b.box, middle));
    lines[0]?.link.focus();
    return Boolean(lines.length);
  }
}

/** Touches the page only where something is new: every answer of the poll leads here. */
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function distance(box, middle) {
  return Math.abs(box.left + box.width / 2 - middle);
}

customElements.define("clip-grid", ClipGrid);
