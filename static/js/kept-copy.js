import { readKeys, relabel } from "./mentions.js";

const PREFIX = "brief:";
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "send_token", "page", "ticket", "act"]);

/**
 * What was typed, kept in this browser until the studio says that it is saved: through an ended session, a
 * broken line or a closed lid. Nothing is kept once it is saved.
 */
export class KeptCopy {
  #form;

  constructor(form) {
    this.#form = form;
  }

  keep() {
    const fields = [...new FormData(this.#form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));
    const { project, isNew } = this.#whose();
    this.#write(JSON.stringify({ fields, project, isNew, at: Date.now() }));
  }

  forget() {
    this.#write(null);
  }

  /** Put back what was not saved. True if there was something, and it differs from what the page shows. */
  restore() {
    const [key, text] = this.#find();
    if (!text) return false;
    localStorage.removeItem(key);
    const kept = JSON.parse(text).fields;
    const fields = new Map(kept);
    const before = this.#field("prompt").value;
    this.#putBack(fields);
    for (const box of this.#form.querySelectorAll("input[type=checkbox]")) box.checked = kept.some(([name, value]) => name === box.name && value === box.value);
    return this.#field("prompt").value !== before || fields.get("title") !== "";
  }

  #putBack(fields) {
    const then = readKeys(fields.get("tray_keys") ?? "");
    const now = readKeys(this.#field("tray_keys").value);
    for (const [name, value] of fields) {
      const field = this.#form.elements[name];
      if (name === "prompt") field.value = relabel(value, then.refs, now.refs, then.gone);
      else if (name === "revision") field.value = value;
      else if (name !== "tray_keys" && field && "value" in field && !["file", "checkbox"].includes(field.type)) field.value = value;
    }
  }

  // A form that was never saved gets a new address with every visit, so its copy is found by its project.
  #find() {
    const own = localStorage.getItem(this.#key());
    if (own) return [this.#key(), own];
    const { project, isNew } = this.#whose();
    if (!isNew) return ["", null];
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
      const text = localStorage.getItem(key);
      const copy = JSON.parse(text);
      if (copy.isNew && copy.project === project) return [key, text];
    }
    return ["", null];
  }

  #whose() {
    return { project: this.#form.dataset.project, isNew: Boolean(this.#form.elements.ticket) };
  }

  #key() {
    return PREFIX + this.#form.dataset.brief;
  }

  #field(name) {
    return this.#form.elements[name];
  }

  // A browser that keeps nothing (private windows, a full disk) still saves to the studio.
  #write(text) {
    try {
      if (text === null) localStorage.removeItem(this.#key());
      else localStorage.setItem(this.#key(), text);
    } catch {
      return;
    }
  }
}
