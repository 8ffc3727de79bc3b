/**
 * The fix drawer: over the stage, not modal. Shows at once what the choices would do: turned, on a colour, padded,
 * without a repair that was unchecked. Esc and the close button take it away.
 */
class FixDrawer extends HTMLElement {
  connectedCallback() {
    // One at a time; a swap in place takes its own old one away, so look a moment later.
    setTimeout(() => this.#replaceOthers());
    this.addEventListener("click", this);
    this.addEventListener("change", this);
    this.addEventListener("keydown", this);
    for (const hidden of this.querySelectorAll("[data-turn], [data-with-script]")) hidden.hidden = false;
    if (this.#isDrawer && mayTakeFocus()) this.querySelector("[data-act=close]")?.focus({ preventScroll: true });
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#onKey(event);
    else if (event.type === "change") this.#onChange(event.target);
    else this.#onClick(event);
  }

  /** Alone on a page the links lead on; over another page they only close. */
  get #isDrawer() {
    return !this.closest(".fix-page");
  }

  #replaceOthers() {
    if (!this.isConnected) return;
    for (const other of document.querySelectorAll("fix-drawer")) if (other !== this) other.remove();
  }

  #onKey(event) {
    if (event.key !== "Escape" || !this.#isDrawer) return;
    event.stopPropagation();
    this.#close();
  }

  #onClick(event) {
    const turn = event.target.closest("[data-turn]");
    if (turn) this.#turn(Number(turn.dataset.turn));
    if (!this.#isDrawer || !event.target.closest("[data-act=close]")) return;
    event.preventDefault();
    this.#close();
  }

  #close() {
    this.remove();
    this.#opener.focus();
  }

  /** What opened it; once fixed, what now stands in that place of the brief; else what holds it. */
  get #opener() {
    const { address, place } = this.dataset;
    const ofPlace = place && document.querySelector(`[data-hx-get$="place=${CSS.escape(place)}"]`);
    return ofPlace || document.querySelector(`[data-hx-get^="${address}"]`) || document.querySelector("#references, #main");
  }

  #turn(by) {
    const chosen = this.querySelector("[name=rotate]:checked");
    const turned = (Number(chosen?.value ?? 0) + by + 360) % 360;
    const radio = this.querySelector(`[name=rotate][value="${turned}"]`);
    radio.checked = true;
    this.#onChange(radio);
  }

  #onChange(input) {
    const after = this.querySelector(".before-after__after");
    if (input.name === "do") this.#showRule(input);
    if (!after) return;
    if (input.name === "rotate") after.dataset.rotation = input.value;
    if (input.name === "background") after.dataset.colour = input.closest("[data-colour]").dataset.colour;
    if (input.name === "pad") after.dataset.pad = input.value;
    if (input.name === "do" && input.value === "pad") after.toggleAttribute("data-padded", input.checked);
  }

  // Left out, a repair that the model needs shows its rule again.
  #showRule(input) {
    const line = input.closest(".repair").querySelector(".repair__rule");
    line.textContent = input.checked ? "" : `Without this it can’t be used. ${input.dataset.required ?? ""}`;
    line.hidden = input.checked || !input.dataset.required;
  }
}

// It is not modal: whoever went on writing meanwhile keeps the caret, or the next letters would act as keys.
function mayTakeFocus() {
  const held = document.activeElement;
  return held === document.body || Boolean(held.closest("fix-drawer, [data-hx-target='#drawer']"));
}

customElements.define("fix-drawer", FixDrawer);
