/**
 * One field for six digits, shown as six boxes. Sends its form by itself once the sixth is there, also when pasted.
 * <six-digits><input …><span class="six-digits__boxes" aria-hidden="true" hidden><i></i> ×6</span></six-digits>
 * With data-longer it is for recovery codes: no boxes, and nobody is interrupted after six.
 */
class SixDigits extends HTMLElement {
  #isSent = false;

  connectedCallback() {
    if (this.hasAttribute("data-longer")) return;
    for (const type of ["input", "focusin", "focusout"]) this.addEventListener(type, this);
    this.#boxes.hidden = false;
    this.classList.add("six-digits--boxed");
    this.#draw();
  }

  disconnectedCallback() {
    for (const type of ["input", "focusin", "focusout"]) this.removeEventListener(type, this);
  }

  handleEvent(event) {
    if (event.type === "input") this.#onInput();
    this.#draw();
  }

  get #input() {
    return this.querySelector("input");
  }

  get #boxes() {
    return this.querySelector(".six-digits__boxes");
  }

  #onInput() {
    const digits = this.#input.value.replace(/\D/g, "").slice(0, 6);
    this.#input.value = digits;
    if (digits.length < 6) this.#isSent = false;
    else if (!this.#isSent) {
      this.#isSent = true;
      this.closest("form").requestSubmit();
    }
  }

  #draw() {
    const digits = this.#input.value;
    const at = Math.min(digits.length, 5);
    const isFocused = document.activeElement === this.#input;
    [...this.#boxes.children].forEach((box, place) => {
      box.textContent = digits[place] ?? "";
      box.toggleAttribute("data-here", isFocused && place === at);
    });
  }
}

customElements.define("six-digits", SixDigits);
