const ASKED_BY_SIGN = /@([\p{L}\p{N}_-][\p{L}\p{N} _-]{0,30}|)$/u;
const ASKED_BY_WORD = /(?<![\p{L}\p{N}@])((?:Im|im|IM|Vi|vi|VI)[a-zA-Z]{0,3}(?: \d?)?)$/u;
const MOVES = { ArrowDown: 1, ArrowUp: -1 };
const PAUSE = 120;

/**
 * The list that opens under the cursor on "@" or the first letters of a name: the tray's names, then files of the
 * library. The cursor stays in the text; the arrow keys move through the list, Enter or Tab takes, Escape closes.
 */
export class NameList {
  #host;
  #input;
  #mirror;
  #on;
  #list;
  #choices = [];
  #at = 0;
  #start = 0;
  #timer = 0;

  /** @param {{names: () => {label: string, title: string, picture?: string}[], url: string, chosen: Function}} on */
  constructor(host, input, mirror, on) {
    this.#host = host;
    this.#input = input;
    this.#mirror = mirror;
    this.#on = on;
    this.#list = document.createElement("ul");
    this.#list.className = "name-list";
    this.#list.id = "name-list";
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "References");
    this.#list.hidden = true;
    host.append(this.#list);
    for (const [name, value] of [["aria-controls", "name-list"], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"]]) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", this);
    input.addEventListener("keydown", this);
    input.addEventListener("blur", this);
    this.#list.addEventListener("pointerdown", this);
  }

  stop() {
    this.#close();
    this.#input.removeEventListener("input", this);
    this.#input.removeEventListener("keydown", this);
    this.#input.removeEventListener("blur", this);
    this.#list.remove();
  }

  handleEvent(event) {
    if (event.type === "input") this.#look();
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "blur") this.#close();
    else this.#onPress(event);
  }

  #look() {
    const caret = this.#input.selectionStart;
    const before = this.#input.value.slice(0, caret);
    const match = before.match(ASKED_BY_SIGN) ?? before.match(ASKED_BY_WORD);
    clearTimeout(this.#timer);
    if (!match || this.#input.selectionEnd !== caret) {
      this.#close();
      return;
    }
    this.#start = match.index;
    const bySign = match[0].startsWith("@");
    this.#show(this.#fitting(match[1], bySign));
    if (bySign && this.#on.url) this.#timer = setTimeout(() => this.#ask(match[1]), PAUSE);
  }

  #fitting(typed, bySign) {
    const wanted = typed.trimEnd().toLowerCase();
    return this.#on.names().filter(({ label, title }) => {
      const isName = label.toLowerCase().startsWith(wanted) && label !== typed;
      return isName || (bySign && title.toLowerCase().includes(wanted));
    });
  }

  async #ask(typed) {
    const inTray = this.#choices.filter((choice) => choice.label);
    try {
      const answer = await fetch(`${this.#on.url}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok || !this.#input.value.slice(0, this.#input.selectionStart).endsWith(`@${typed}`)) return;
      const { files } = await answer.json();
      const here = new Set(this.#on.names().map((name) => name.file));
      this.#show([...inTray, ...files.filter(({ file }) => !here.has(file))]);
    } catch {
      // Without an answer the list offers what is in the tray.
    }
  }

  #show(choices) {
    this.#choices = choices;
    if (!choices.length) {
      this.#close();
      return;
    }
    this.#list.replaceChildren(...choices.map((choice, index) => option(choice, index)));
    this.#place();
    this.#list.hidden = false;
    this.#point(0);
  }

  #place() {
    const caret = document.createRange();
    const [node, offset] = nodeAt(this.#mirror, this.#start);
    caret.setStart(node, offset);
    const spot = caret.getBoundingClientRect();
    const frame = this.#host.getBoundingClientRect();
    this.#list.style.insetBlockStart = `${spot.bottom - frame.top + 6}px`;
    this.#list.style.insetInlineStart = `${Math.max(0, Math.min(spot.left - frame.left, frame.width - 220))}px`;
  }

  #point(index) {
    this.#at = (index + this.#choices.length) % this.#choices.length;
    for (const [each, element] of [...this.#list.children].entries()) {
      element.setAttribute("aria-selected", String(each === this.#at));
      if (each === this.#at) element.scrollIntoView({ block: "nearest" });
    }
    this.#input.setAttribute("aria-activedescendant", `name-${this.#at}`);
  }

  #onKey(event) {
    if (this.#list.hidden || event.ctrlKey || event.metaKey) return;
    if (event.key in MOVES) this.#point(this.#at + MOVES[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#at);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #onPress(event) {
    event.preventDefault();
    const pressed = event.target.closest("[role=option]");
    if (pressed) this.#take(Number(pressed.dataset.index));
  }

  #take(index) {
    const choice = this.#choices[index];
    this.#close();
    this.#on.chosen(choice, this.#start);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#list.hidden = true;
    this.#choices = [];
    this.#input.removeAttribute("aria-activedescendant");
  }
}

function option({ label, title, picture }, index) {
  const element = document.createElement("li");
  element.id = `name-${index}`;
  element.dataset.index = String(index);
  element.setAttribute("role", "option");
  if (picture) {
    const image = document.createElement("img");
    image.src = picture;
    image.alt = "";
    element.append(image);
  }
  const words = document.createElement("small");
  words.textContent = label ? title : "from the library";
  element.append(label || title, " ", words);
  return element;
}

/** The text node and place in it that a position in the whole text falls on. */
function nodeAt(root, position) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let left = position;
  let last = root;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left <= node.length) return [node, left];
    left -= node.length;
    last = node;
  }
  return [last, 0];
}
