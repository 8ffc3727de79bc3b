import { icon } from "../icon.js";

const KINDS = [
  ["pen", "Pen", "pencil"],
  ["arrow", "Arrow", "move-up-right"],
  ["box", "Box", "square"],
  ["circle", "Circle", "circle"],
];
const COLOURS = [
  ["orange", "Orange"],
  ["white", "White"],
  ["blue", "Blue"],
];

/** The tools for drawing. `kind` and `colour` are what is chosen; `on` hears "undo" and "done". */
export class DrawPalette {
  kind = "pen";
  colour = "orange";
  #on;

  constructor(on) {
    this.#on = on;
    this.element = document.createElement("div");
    this.element.className = "draw-palette";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", "Draw");
    this.element.append(
      ...KINDS.map(([kind, name, sign]) => this.#button({ kind }, name, icon(sign))),
      rule(),
      ...COLOURS.map(([colour, name]) => this.#button({ colour }, name, dot())),
      rule(),
      this.#button({ act: "undo" }, "Take the last stroke back", icon("undo-2")),
      this.#button({ act: "done" }, "", "Done"),
    );
    this.element.addEventListener("click", this);
    this.element.addEventListener("keydown", this);
    this.#show();
  }

  /** Whether there is something to take back. */
  set canUndo(can) {
    this.element.querySelector("[data-act=undo]").setAttribute("aria-disabled", String(!can));
  }

  focus() {
    this.element.querySelector("[aria-pressed=true]").focus({ preventScroll: true });
  }

  handleEvent(event) {
    const button = event.target.closest("button");
    if (event.type === "keydown") this.#walk(event);
    else if (button?.dataset.act) this.#on(button.dataset.act);
    else if (button) this.#choose(button.dataset);
  }

  #choose({ kind, colour }) {
    this.kind = kind ?? this.kind;
    this.colour = colour ?? this.colour;
    this.#show();
  }

  #walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...this.element.querySelectorAll("button")];
    buttons.at((buttons.indexOf(event.target.closest("button")) + step) % buttons.length).focus();
    event.preventDefault();
    event.stopPropagation();
  }

  #show() {
    for (const button of this.element.querySelectorAll("[data-kind], [data-colour]")) {
      const isChosen = button.dataset.kind === this.kind || button.dataset.colour === this.colour;
      button.setAttribute("aria-pressed", String(isChosen));
    }
  }

  #button(data, name, content) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "draw-palette__button";
    Object.assign(button.dataset, data);
    if (name) button.setAttribute("aria-label", name);
    button.append(content);
    return button;
  }
}

function rule() {
  const line = document.createElement("span");
  line.className = "draw-palette__rule";
  return line;
}

function dot() {
  const spot = document.createElement("span");
  spot.className = "draw-palette__dot";
  return spot;
}
