import { HeldPress } from "../held-press.js";
import { KeptCopy } from "../kept-copy.js";
import { ask } from "../ask.js";

const SAVE_AFTER = 800;
const WAITS_FOR_EARLIER = 2000;
const ELSEWHERE = ["submit", "click", "keydown", "file-fixed", "files-fixed", "htmx:config:request", "htmx:after:swap"];
const ARRIVALS = ["file-ready", "file-refused", "file-broken", "file-gone"];
const BEFORE_ESCAPE = "dialog[open], details.menu[open], [role=listbox]:not([hidden]), [data-state=lifted]";
const REDRAWS = new Set(["provider", "also", "resolution"]);

/**
 * Around the form of a brief: saves as people type, sends every press in turn, loses nothing.
 * Listens for "brief-act" {line} from elements inside, and for files that upload-area has brought in.
 * The server answers with the parts that changed; what is being typed is never replaced.
 */
class ComposerForm extends HTMLElement {
  #form;
  #copy;
  #held;
  #timer = 0;
  #isDirty = false;
  #turn = Promise.resolve();

  connectedCallback() {
    this.#form = this.querySelector("form");
    this.#copy = new KeptCopy(this.#form);
    this.#held = new HeldPress(this.#form, (button) => this.#send(button));
    for (const name of ["input", "change", "brief-act", ...ARRIVALS]) this.addEventListener(name, this);
    for (const name of ELSEWHERE) document.addEventListener(name, this, true);
    document.addEventListener("visibilitychange", this);
    for (const name of ["pagehide", "offline"]) addEventListener(name, this);
    // The browser reads its store from the disk: the first frame does not wait for that.
    if (document.hidden) this.#bringBack();
    else requestAnimationFrame(() => setTimeout(() => this.#bringBack()));
  }

  #bringBack() {
    if (!this.isConnected || !this.#copy.restore()) return;
    this.querySelector("prompt-editor")?.refresh?.();
    this.#save();
  }

  disconnectedCallback() {
    for (const name of ELSEWHERE) document.removeEventListener(name, this, true);
    document.removeEventListener("visibilitychange", this);
    for (const name of ["pagehide", "offline"]) removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "input") this.#soon(event.target);
    else if (event.type === "change") this.#onChange(event.target);
    else if (event.type === "submit") this.#onSubmit(event);
    else if (event.type === "click") this.#onClick(event);
    else if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "brief-act") this.#act(event.detail.line);
    else if (event.type === "file-ready") this.#takeFile(event.detail);
    else if (event.type === "file-refused" || event.type === "file-broken") this.#held.giveUp(event.detail.name, event.detail.summary);
    else if (event.type === "file-gone") this.#held.look();
    else if (event.type === "offline") this.#held.letGo("Nothing was sent: you’re offline. Press again when the line is back.", { isBad: true });
    else if (event.type === "file-fixed") this.#takeFixed([event.detail]);
    else if (event.type === "files-fixed") this.#takeFixed(event.detail.fixed);
    else if (event.type === "htmx:config:request") this.#leaveFilesOut(event);
    else if (event.type === "htmx:after:swap") this.#onSwap(event);
    else if (event.type === "pagehide" || document.hidden) this.#leave();
  }

  #soon(field) {
    if (!field.name || field.type === "file") return;
    this.#isDirty = true;
    this.#copy.keep();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), SAVE_AFTER);
  }

  #onChange(field) {
    if (field.type === "file" || !field.name) return;
    const isOutOfRange = field.name === "duration" && field.closest("[data-state=fail]");
    if (REDRAWS.has(field.name) || isOutOfRange) this.#save({ act: "choice" });
    else this.#soon(field);
  }

  #onSubmit(event) {
    if (event.target !== this.#form) return;
    event.preventDefault();
    const button = event.submitter;
    document.getElementById("file-picker").close();
    if (button?.name === "act") this.#act(button.value);
    else if (button?.name === "with") this.#press(button);
    else this.#save();
  }

  #onClick(event) {
    if (this.#held.isSamePress(event)) event.preventDefault();
    const target = event.target.closest?.("[aria-disabled=true]");
    if (target && (this.contains(target) || target.form === this.#form)) event.preventDefault();
    const other = event.target.closest?.("[data-switch-to]");
    if (other) this.#form.querySelector(`input[name=provider][value="${CSS.escape(other.dataset.switchTo)}"]`)?.click();
  }

  #onKey(event) {
    if (event.key === "Escape" && !document.querySelector(BEFORE_ESCAPE)) this.#held.letGo("Nothing was sent. You took the press back.");
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !this.contains(event.target)) return;
    event.preventDefault();
    const paid = document.getElementById("send");
    if (paid.getAttribute("aria-disabled") === "true") document.getElementById("send-draft").click();
    else if (confirm(`${paid.firstElementChild.textContent.trim()}? ${document.getElementById("price").textContent.trim()}`)) paid.click();
  }

  #save(values = {}) {
    return this.#post(this.#form.dataset.save, values);
  }

  #act(line) {
    return this.#post(this.#form.dataset.tray, { act: line });
  }

  #takeFile(told) {
    if (told.outcome !== "accept") this.#held.giveUp(told.name, told.summary);
    if (told.outcome !== "reject") this.#held.watch(told.name, this.#put(told));
  }

  /** True once the file has its place; else why not. */
  async #put({ file, place, done, tile }) {
    await this.#turnOf(tile);
    const isTaken = await this.#act(`put ${place || "tray"} ${file}`).catch(() => false);
    done();
    return document.querySelector("#tray-notes [role=alert]")?.textContent ?? (isTaken || "It couldn’t be added just now.");
  }

  // Files that are added together are numbered in that order, though small ones arrive first; a large one may not
  // hold up the others for long.
  async #turnOf(tile) {
    const patience = AbortSignal.timeout(WAITS_FOR_EARLIER);
    while (hasEarlier(tile) && !patience.aborted) await oneOf(this, ["file-ready", "file-refused"], patience);
  }

  /** A repaired copy takes the place of its original. */
  #takeFixed(fixed) {
    for (const { file, of, place } of fixed) {
      const key = this.querySelector(`li[data-file="${CSS.escape(of)}"]`)?.dataset.key;
      const itsPlace = key ? `replace:${key}` : "tray";
      this.#act(`put ${place || itsPlace} ${file}`);
    }
  }

  // The library opens in a dialog, filled by the link that was pressed; a choice in it is a press of this form.
  #onSwap(event) {
    this.#held.look();
    const { sourceElement, swap } = event.detail.ctx;
    const isFilled = swap !== "none"; // a refusal brings no list
    if (isFilled && sourceElement?.matches?.("[data-pick]")) document.getElementById("file-picker").showModal();
  }

  #press(button) {
    if (!this.#held.takes(button)) this.#send(button);
  }

  async #send(button) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await this.#post(this.#form.dataset.send, { with: button.value });
    document.getElementById(button.id)?.removeAttribute("aria-busy");
    document.getElementById("error-summary")?.focus();
  }

  // One request at a time, each with what the form holds when its turn comes, so that answers never overtake.
  #post(url, values) {
    clearTimeout(this.#timer);
    const turn = this.#turn.then(() => this.#request(url, values));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #request(url, values) {
    const focused = document.activeElement?.closest("[id]")?.id;
    this.#isDirty = false;
    const failed = new Promise((resolve) => this.#form.addEventListener("htmx:finally:request", (event) => resolve(hasFailed(event.detail.ctx)), { once: true }));
    await ask("POST", url, { source: this.#form, target: this.#form, swap: "none", values });
    const reason = await failed;
    if (reason) this.#keepHere(reason);
    else if (!this.#isDirty) this.#copy.forget();
    this.#afterwards(focused);
    return !reason;
  }

  #keepHere(reason) {
    this.#isDirty = true;
    this.#copy.keep();
    const line = document.querySelector("#brief-saved span");
    line.textContent = reason === 401 ? "Signed out. Kept in this browser: " : "Not saved yet. Kept in this browser.";
    if (reason !== 401) {
      this.#timer = setTimeout(() => this.#save(), 5000);
      return;
    }
    const link = document.createElement("a");
    link.className = "link";
    link.href = `${this.#form.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = "sign in again";
    line.append(link);
  }

  #afterwards(focused) {
    const said = document.getElementById("brief-state").dataset.said;
    if (said) document.getElementById("tray-voice").textContent = said;
    if (document.activeElement === document.body && focused) focusOn(document.getElementById(focused));
  }

  // Files travel by upload-area; the plain inputs are for pages without scripts.
  #leaveFilesOut(event) {
    const { request } = event.detail.ctx;
    if (request.form !== this.#form || !(request.body instanceof FormData)) return;
    for (const name of [...request.body.keys()]) if (name.startsWith("file-")) request.body.delete(name);
  }

  #leave() {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const body = new FormData(this.#form);
    for (const name of [...body.keys()]) if (name.startsWith("file-")) body.delete(name);
    fetch(this.#form.dataset.save, { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } }).then(
      (answer) => answer.ok && this.#copy.forget(),
      () => {},
    );
  }
}

/** The place itself, an empty well's input, or else the tray: what was pressed may be gone. */
function focusOn(place) {
  for (const target of [place?.control ?? place, document.getElementById("references")]) {
    if (document.activeElement === document.body) target?.focus({ preventScroll: true });
  }
}

/** Whether a file that was added before this one is still on its way. */
function hasEarlier(tile) {
  const tiles = [...(tile?.parentElement?.querySelectorAll(".upload-tile") ?? [])];
  return tiles.slice(0, tiles.indexOf(tile)).some(({ dataset }) => ["uploading", "checking"].includes(dataset.state));
}

function oneOf(target, names, signal) {
  return new Promise((resolve) => {
    for (const name of names) target.addEventListener(name, resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
}

/** Nothing, or why the studio did not take the request: its status, or 0 where no answer came. */
function hasFailed(ctx) {
  const status = ctx.response?.status;
  if (status === undefined) return "no answer";
  return status < 400 || status === 422 ? null : status;
}

customElements.define("composer-form", ComposerForm);
