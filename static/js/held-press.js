import { icon } from "./icon.js";

/**
 * A press of send while files are on their way. It waits, says so in #send-held, and is delivered once, when every
 * file is in its place. A file that does not make it ends the waiting with the reason, and so does a broken line:
 * nothing is ever sent by itself when the line returns. The same press again, or Esc, takes it back.
 */
export class HeldPress {
  #form;
  #deliver;
  #id = "";
  #placing = [];

  /** `deliver` is called with the button that was pressed. */
  constructor(form, deliver) {
    this.#form = form;
    this.#deliver = deliver;
  }

  /** Whether this press waits, or was one to take the waiting back; else it can be sent now. */
  takes(button) {
    if (this.#id === button.id) {
      this.letGo("Nothing was sent. You took the press back.");
      return true;
    }
    this.#end();
    if (!this.#coming.length) return false;
    this.#id = button.id;
    this.look();
    return true;
  }

  /** Whether a click is the second half of a double press, which is one press and not one to take it back. */
  isSamePress({ target, detail }) {
    return Boolean(this.#id) && detail > 1 && target.closest("button")?.id === this.#id;
  }

  /** Sends if everything is there; else shows what it waits for, also after an answer has drawn the button anew. */
  look() {
    if (!this.#id) return;
    const names = this.#coming;
    if (names.length) {
      this.#mark(true);
      this.#say(`Sends by itself as soon as ${list(names)} ${names.length > 1 ? "are" : "is"} here and checked. Press again or Esc to take it back.`);
      return;
    }
    const button = this.#button;
    this.#end();
    this.#deliver(button);
  }

  /** An arrived file is put in its place. `placing` ends with true, or a sentence why that could not be done. */
  async watch(name, placing) {
    this.#placing.push(name);
    const why = await placing;
    this.#placing.splice(this.#placing.indexOf(name), 1);
    if (why === true) this.look();
    else this.giveUp(name, why);
  }

  giveUp(name, why) {
    const reason = why.startsWith(name) ? why : `${name}: ${why}`;
    this.letGo(`Nothing was sent. ${reason}`, { isBad: true });
  }

  letGo(sentence, { isBad = false } = {}) {
    if (!this.#id) return;
    this.#end();
    this.#say(sentence, { isBad });
  }

  get #coming() {
    return [...(this.#form.querySelector("upload-area").underWay ?? []), ...this.#placing];
  }

  get #button() {
    return document.getElementById(this.#id);
  }

  #end() {
    if (this.#id) this.#mark(false);
    this.#id = "";
    this.#say("");
  }

  // The button keeps its width while its words change.
  #mark(isHeld) {
    const button = this.#button;
    const [words, waiting] = button.children;
    button.style.minInlineSize = isHeld ? `${button.offsetWidth}px` : "";
    words.hidden = isHeld;
    waiting.hidden = !isHeld;
    if (isHeld) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }

  #say(sentence, { isBad = false } = {}) {
    const note = document.getElementById("send-held");
    const words = document.createElement("span");
    words.textContent = sentence;
    note.hidden = !sentence;
    note.dataset.kind = isBad ? "fail" : "info";
    if (note.textContent !== sentence) note.replaceChildren(icon(isBad ? "triangle-alert" : "upload"), words);
  }
}

function list(names) {
  return names.length < 3 ? names.join(" and ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
