/**
 * One's own comment, with the form that changes it. While that is open no poll touches it; what is sent, the answer
 * replaces, and the focus goes back to where the form was opened.
 */
class GuestWords extends HTMLElement {
  connectedCallback() {
    this.addEventListener("toggle", this, true);
    this.addEventListener("submit", this);
    this.toggleAttribute("data-morph-skip", this.#details.open);
  }

  handleEvent(event) {
    if (event.type === "submit") return this.removeAttribute("data-morph-skip");
    const { open } = this.#details;
    this.toggleAttribute("data-morph-skip", open);
    if (open) this.querySelector("textarea").focus();
    else if (document.activeElement === document.body) this.querySelector("summary").focus();
  }

  get #details() {
    return this.querySelector("details");
  }
}

customElements.define("guest-words", GuestWords);
