const ASKED = /(?:^|\s)@([\p{L}\p{N}.'’ -]{0,40})$/u;
const SHOWN_AT_MOST = 6;
const MOVES = { ArrowDown: 1, ArrowUp: -1 };

/** The list of people that opens on "@" in a text field. Arrows move, Enter or Tab takes, Escape closes. */
export class PeopleList {
  #input;
  #address;
  #names = null;
  #list = document.createElement("ul");
  #at = 0;

  constructor(host, input, address) {
    this.#input = input;
    this.#address = address;
    Object.assign(this.#list, { className: "name-list people-list", id: "people-list", hidden: true, role: "listbox", ariaLabel: "People" });
    host.append(this.#list);
    for (const [name, value] of [["aria-controls", "people-list"], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"]]) {
      input.setAttribute(name, value);
    }
    for (const name of ["input", "keydown", "blur"]) input.addEventListener(name, this);
    this.#list.addEventListener("pointerdown", this);
  }

  leave() {
    for (const name of ["input", "keydown", "blur"]) this.#input.removeEventListener(name, this);
    this.#list.remove();
  }

  handleEvent(event) {
    if (event.type === "input") this.#look();
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "blur") this.#list.hidden = true;
    else this.#onPress(event);
  }

  get #asked() {
    return ASKED.exec(this.#input.value.slice(0, this.#input.selectionStart));
  }

  async #look() {
    if (!this.#asked) return void (this.#list.hidden = true);
    this.#names ??= await this.#fetchNames();
    const wanted = this.#asked?.[1].toLocaleLowerCase() ?? null;
    if (wanted === null) return;
    const fitting = this.#names.filter((name) => {
      const said = name.toLocaleLowerCase();
      return said !== wanted && (said.startsWith(wanted) || said.includes(` ${wanted}`));
    });
    this.#show(fitting.slice(0, SHOWN_AT_MOST));
  }

  async #fetchNames() {
    try {
      const answer = await fetch(`${this.#address}?people=1`);
      return (await answer.json()).people;
    } catch {
      return null;
    }
  }

  #show(names) {
    this.#list.replaceChildren(
      ...names.map((name, index) => Object.assign(document.createElement("li"), { id: `person-${index}`, role: "option", textContent: name })),
    );
    this.#list.hidden = !names.length;
    if (names.length) this.#point(0);
  }

  #point(index) {
    const options = [...this.#list.children];
    this.#at = (index + options.length) % options.length;
    for (const [each, option] of options.entries()) option.setAttribute("aria-selected", String(each === this.#at));
    this.#input.setAttribute("aria-activedescendant", `person-${this.#at}`);
  }

  #onKey(event) {
    if (this.#list.hidden) return;
    if (event.key in MOVES) this.#point(this.#at + MOVES[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#list.children[this.#at]);
    else if (event.key === "Escape") this.#list.hidden = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #onPress(event) {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) this.#take(option);
  }

  #take(option) {
    const start = this.#input.selectionStart - this.#asked[1].length;
    this.#input.setRangeText(`${option.textContent} `, start, this.#input.selectionStart, "end");
    this.#list.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
