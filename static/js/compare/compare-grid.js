const SLOTS = ["a", "b", "c", "d"];

/**
 * Four takes by keyboard: 1 to 4 look at one and hear it, P, X, B and U press the buttons beside the grid, Enter shows
 * the looked-at one large. The studio answers with the takes and the marks on the pictures; the films play on.
 */
class CompareGrid extends HTMLElement {
  #room;

  connectedCallback() {
    this.#room = this.closest("compare-room");
    if (!this.#room?.clock) return;
    this.addEventListener("click", this);
    this.#room.addEventListener("compare-key", this);
    this.#room.addEventListener("viewchange", this);
    this.#stage.addEventListener("click", this);
    this.#onView();
  }

  handleEvent(event) {
    if (event.type === "viewchange") this.#onView();
    else if (this.#room.view !== "grid") return;
    else if (event.type === "compare-key") this.#onKey(event);
    else this.#onClick(event.target);
  }

  get #stage() {
    return this.#room.querySelector(".compare-stage");
  }

  get #looked() {
    return this.#room.dataset.looked ?? SLOTS[0];
  }

  #onView() {
    if (this.#room.view === "grid") this.#look(this.#room.dataset.sound || SLOTS[0]);
    else delete this.#room.dataset.large;
  }

  #onClick(target) {
    const slot = target.closest("[data-look]")?.dataset.look ?? target.closest(".compare-slot")?.dataset.slot;
    if (slot && !target.closest("[name=act]")) this.#look(slot);
  }

  #onKey(event) {
    const { key, onControl } = event.detail;
    const number = SLOTS.indexOf(this.#looked) + 1;
    const acts = {
      p: () => this.#press(`pick ${number}`),
      x: () => this.#press(`bin ${number}`),
      b: () => this.#press("rest"),
      u: () => this.#press("back"),
      Escape: () => delete this.#room.dataset.large,
    };
    if (!onControl || onControl.matches("[data-look]")) acts.Enter = () => this.#toggleLarge();
    const slot = SLOTS[Number(key) - 1];
    if (slot && this.#room.querySelector(`.compare-slot[data-slot=${slot}]`)) acts[key] = () => this.#look(slot);
    if (!acts[key]) return;
    acts[key]();
    event.preventDefault();
  }

  #look(slot) {
    this.#room.dataset.looked = slot;
    if (this.#room.dataset.sound !== slot) this.#room.hear(slot);
    for (const each of this.#room.querySelectorAll(".compare-slot")) each.toggleAttribute("data-looked", each.dataset.slot === slot);
  }

  #toggleLarge() {
    this.#room.toggleAttribute("data-large");
  }

  /** The form does it, or says why not. A button that is not offered (approved, already so) says so by its row. */
  #press(act) {
    const form = document.getElementById("choose");
    const button = [...form.elements].find((each) => each.name === "act" && each.value === act && !each.hidden);
    if (button) form.requestSubmit(button);
    else if (act !== "back") this.#say(this.#whyNot(act));
    else this.#say("There is nothing to take back.");
  }

  #whyNot(act) {
    const row = this.querySelector(`[data-slot=${this.#looked}]`);
    const words = row.querySelector(".takes__state").textContent.trim();
    if (!document.querySelector("#choose [name=act]")) return "Your role can watch and compare. A maker or producer picks.";
    if (row.dataset.state === "pick" && act.startsWith("pick")) return `Take ${act.at(-1)} is the pick.`;
    if (row.dataset.state === "binned") return `Take ${act.at(-1)} is in the bin.`;
    return `Take ${act.at(-1)}: ${words.toLowerCase()}.`;
  }

  #say(words) {
    this.querySelector(".takes__said[role=status]").textContent = words;
  }
}

customElements.define("compare-grid", CompareGrid);
