import { ask } from "../ask.js";

/** What can be done with a note where it stands: answer, change, mark as done, delete and undo, older ones, the filter. */
export class NoteForms {
  #list;

  constructor(list) {
    this.#list = list;
    for (const name of ["click", "submit", "keydown", "note-changed", "note-deleted", "note-refused"]) {
      document.addEventListener(name, this);
    }
  }

  leave() {
    for (const name of ["click", "submit", "keydown", "note-changed", "note-deleted", "note-refused"]) {
      document.removeEventListener(name, this);
    }
  }

  handleEvent(event) {
    if (event.type === "click") this.#onClick(event);
    else if (event.type === "submit") this.#onSubmit(event);
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "note-refused") this.#refuse(event);
    else if (event.type === "note-deleted") this.#offerUndo(event.detail.note);
    else this.#close(event.target.closest?.(".remark-form"));
  }

  #onClick(event) {
    const pressed = event.target.closest("[data-act], [data-which]");
    if (!pressed || event.ctrlKey || event.metaKey) return;
    const act = pressed.dataset.which ? "filter" : pressed.dataset.act;
    const acts = {
      answer: () => this.#open(pressed, "answer"),
      edit: () => this.#open(pressed, "edit"),
      earlier: () => ask("GET", pressed.href, { source: this.#list, swap: "none" }),
      older: () => this.#poll.look({ count: pressed.dataset.count }),
      filter: () => this.#filter(pressed),
      cancel: () => this.#close(pressed.closest(".remark-form")),
    };
    const isOurs = this.#list.contains(pressed) || act === "filter";
    if (!isOurs || !acts[act]) return;
    event.preventDefault();
    acts[act]();
  }

  get #poll() {
    return document.querySelector("live-poll");
  }

  #filter(pressed) {
    pressed.closest("menu-button").close();
    this.#poll.look({ which: pressed.dataset.which, count: "" });
  }

  /** The form for an answer, or for other words, under the note. */
  #open(pressed, act) {
    const said = pressed.closest(".remark__answer, .remark");
    const slot = pressed.closest(".remark").querySelector(":scope > .remark__body > .remark__form");
    const form = document.getElementById("note-form-template").content.firstElementChild.cloneNode(true);
    const words = form.elements.namedItem("text");
    form.action = `${pressed.pathname}${act}/`;
    words.setAttribute("aria-label", act === "edit" ? "Your words" : "Your answer");
    if (act === "edit") {
      words.value = said.querySelector("[data-text]").textContent;
      form.querySelector(".button--paper").textContent = "Change it";
      const remove = form.querySelector("[data-act=delete]");
      remove.hidden = false;
      remove.formAction = `${pressed.pathname}delete/`;
    }
    form.noteOpener = pressed;
    slot.replaceChildren(form);
    words.focus();
  }

  #close(form) {
    if (!form) return;
    const hadFocus = form.contains(document.activeElement);
    const opener = form.noteOpener;
    form.remove();
    if (hadFocus) (opener?.isConnected ? opener : this.#list.querySelector("[data-selected] a"))?.focus();
  }

  /** One form stands for every button; a form that is being sent is not sent twice. */
  async #onSubmit(event) {
    const form = event.target;
    const isOurs = form.id === "note-act" || (form.matches(".remark-form") && this.#list.contains(form));
    if (!isOurs) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const { submitter } = event;
    const values = submitter?.name ? { [submitter.name]: submitter.value } : {};
    const address = submitter?.getAttribute("formaction") ? submitter.formAction : form.action;
    if (submitter?.name === "undo") document.getElementById("note-undo").hidden = true;
    await ask("POST", new URL(address).pathname, { source: form, swap: "none", values }).catch(() => {});
    form.ariaBusy = null;
  }

  #onKey(event) {
    const form = event.target.closest?.(".remark-form");
    if (!form || event.isComposing) return;
    if (event.key === "Escape") this.#close(form);
    else if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea")) form.requestSubmit();
    else return;
    event.preventDefault();
  }

  #refuse(event) {
    const place = event.target.closest?.("form")?.querySelector("[role=alert]") ?? document.querySelector("#note-composer [role=alert]");
    place.textContent = event.detail.sentence;
    place.hidden = false;
  }

  #offerUndo(key) {
    const offer = document.getElementById("note-undo");
    offer.querySelector("button").setAttribute("formaction", `/notes/${key}/delete/`);
    offer.hidden = false;
    this.#list.closest("section").scrollTop = 0;
  }
}
