import { labels, mentioned, pieces, readKeys, relabel, rename, unknownNames } from "../mentions.js";
import { NameList } from "../name-list.js";
import { listed, thousands } from "../words.js";

const QUIET_BELOW = 0.9;

/**
 * A textarea whose names of references are marked, offered and followed. The text is the person's: when the tray
 * changes, the names in it are rewritten here, from the order it was written against to the new one.
 */
class PromptEditor extends HTMLElement {
  #input;
  #mirror;
  #keys;
  #part;
  #list;
  #awaited = null;

  connectedCallback() {
    this.#input = this.querySelector("textarea");
    this.#mirror = this.querySelector(".prompt-editor__mirror");
    this.#part = this.closest("section");
    this.#keys = readKeys(this.#written());
    this.#list = new NameList(this, this.#input, this.#mirror, {
      names: () => this.#names(),
      url: this.dataset.names,
      chosen: (choice, start) => this.#choose(choice, start),
    });
    this.addEventListener("input", this);
    this.#part.addEventListener("click", this);
    document.addEventListener("htmx:after:swap", this);
    // An empty editor comes from the studio as it should look.
    if (this.#input.value || this.#input.defaultValue) this.refresh();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    this.#part.removeEventListener("click", this);
    document.removeEventListener("htmx:after:swap", this);
    this.#list.stop();
  }

  handleEvent(event) {
    if (event.type === "input") this.refresh();
    else if (event.type === "click") this.#onClick(event);
    else this.#follow();
  }

  /** Paint marks, counter, legend and findings for the text as it is now. */
  refresh() {
    const text = this.#input.value;
    this.#paint(text);
    this.#count(text);
    const here = mentioned(text, this.#keys.refs);
    for (const chip of this.querySelectorAll(".legend-chip")) chip.querySelector("small").hidden = here.has(chip.dataset.key);
    this.#explain(unknownNames(text, this.#keys.refs));
  }

  #written() {
    return document.querySelector("[name=tray_keys]").value;
  }

  #names() {
    const named = labels(this.#keys.refs);
    return [...this.querySelectorAll(".legend-chip")].map((chip) => ({
      label: named.get(chip.dataset.key) ?? chip.dataset.name,
      title: chip.dataset.title,
      file: chip.dataset.file,
      picture: chip.querySelector("img")?.src,
    }));
  }

  // The tray may have changed: the answer brought the new order.
  #follow() {
    const after = readKeys(this.#written());
    const { refs, gone } = this.#keys;
    const state = document.getElementById("brief-state");
    const text = state.dataset.prompt ?? relabel(this.#input.value, refs, after.refs, gone);
    delete state.dataset.prompt;
    const caret = relabel(this.#input.value.slice(0, this.#input.selectionStart), refs, after.refs, gone).length;
    const known = new Set(refs.map((ref) => ref.key));
    const added = after.refs.find((ref) => !known.has(ref.key));
    this.#keys = after;
    if (text !== this.#input.value) this.#write(text, caret);
    if (this.#awaited && added) this.#insertAwaited(labels(after.refs).get(added.key));
    this.refresh();
  }

  #insertAwaited(name) {
    const typed = this.#awaited;
    this.#awaited = null;
    const start = this.#input.value.lastIndexOf(typed);
    if (start >= 0) this.#replace(start, start + typed.length, `${name} `);
  }

  #choose(choice, start) {
    const end = this.#input.selectionStart;
    if (choice.label) {
      this.#replace(start, end, `${choice.label} `);
      return;
    }
    this.#awaited = this.#input.value.slice(start, end);
    this.#input.focus();
    this.dispatchEvent(new CustomEvent("brief-act", { bubbles: true, detail: { line: `put tray ${choice.file}` } }));
  }

  #onClick(event) {
    const chip = event.target.closest(".legend-chip");
    const fix = event.target.closest("[data-rename]");
    if (chip) this.#insert(chip.dataset.name);
    else if (fix) this.#write(rename(this.#input.value, fix.dataset.rename, fix.dataset.to));
    else return;
    event.preventDefault();
    if (fix) this.#input.focus();
  }

  /** Put a name where the cursor is, with a space where words would touch. */
  #insert(name) {
    const { value, selectionStart: start, selectionEnd: end } = this.#input;
    const before = start && !/\s$/u.test(value.slice(0, start)) ? " " : "";
    const after = /^[\s.,;:!?]/u.test(value.slice(end)) ? "" : " ";
    this.#replace(start, end, `${before}${name}${after}`);
  }

  #replace(start, end, text) {
    this.#input.setRangeText(text, start, end, "end");
    this.#input.focus();
    this.#tell();
  }

  #write(text, caret = text.length) {
    this.#input.value = text;
    this.#input.setSelectionRange(caret, caret);
    this.#tell();
  }

  #tell() {
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #paint(text) {
    const nodes = pieces(text, this.#keys.refs).map((piece) => {
      if (!piece.name) return piece.text;
      const mark = document.createElement("mark");
      mark.dataset.name = piece.name;
      mark.textContent = piece.text;
      return mark;
    });
    // A last empty line has no height of its own.
    this.#mirror.replaceChildren(...nodes, "\u200b");
  }

  #count(text) {
    const length = [...text].length;
    const limit = Number(this.dataset.limit);
    const output = this.querySelector("output");
    output.textContent = `${thousands(length)} / ${thousands(limit)}`;
    output.dataset.level = length > limit ? "over" : length >= limit * QUIET_BELOW ? "near" : "";
  }

  /** The same findings in words, each with its fixes, as text under the editor. */
  #explain(unknown) {
    const notes = document.getElementById("prompt-notes");
    for (const note of notes.querySelectorAll("[data-unknown]")) if (!unknown.includes(note.dataset.unknown)) note.remove();
    const shown = new Set([...notes.querySelectorAll("[data-unknown]")].map((note) => note.dataset.unknown));
    for (const name of unknown) if (!shown.has(name)) notes.append(this.#note(name));
    this.dataset.state = unknown.length || notes.querySelector("[data-kind=fail]") ? "fail" : "";
    this.#input.setAttribute("aria-invalid", String(unknown.length > 0));
  }

  #note(name) {
    const note = document.getElementById("unknown-note").content.firstElementChild.cloneNode(true);
    const known = [...labels(this.#keys.refs).values()];
    const instead = known.filter((label) => label.startsWith(name.slice(0, 5))).pop();
    const isLost = name.endsWith("?");
    const what = name.startsWith("Image") ? "A picture" : "A video";
    note.dataset.unknown = name;
    note.querySelector("b").textContent = isLost ? `${what} that the prompt mentions was removed.` : `There is no ${name}.`;
    note.querySelector("[data-show=tray]").textContent = `The tray has ${known.length ? listed(known) : "nothing yet"}.`;
    const [change, cut] = note.querySelectorAll("button");
    change.textContent = `Change it to ${instead}`;
    change.dataset.to = instead ?? "";
    for (const button of [change, cut]) button.dataset.rename = name;
    note.querySelector("[data-show=instead]").hidden = !instead;
    return note;
  }
}

customElements.define("prompt-editor", PromptEditor);
