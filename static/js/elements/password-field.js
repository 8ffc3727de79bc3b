/** Shows what is being typed while its eye is pressed in. Turned off again when the form is sent. */
class PasswordField extends HTMLElement {
  connectedCallback() {
    this.#button.hidden = false;
    this.addEventListener("click", this);
    this.closest("form")?.addEventListener("submit", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "submit") this.#show(false);
    else if (event.target.closest("button") === this.#button) this.#show(this.#input.type === "password");
  }

  get #input() {
    return this.querySelector("input");
  }

  get #button() {
    return this.querySelector("button");
  }

  #show(isShown) {
    this.#input.type = isShown ? "text" : "password";
    this.#button.setAttribute("aria-pressed", String(isShown));
  }
}

customElements.define("password-field", PasswordField);
