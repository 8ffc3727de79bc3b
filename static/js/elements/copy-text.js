/** A button that copies the text of [data-copy] beside it, and says so. Hidden where copying is not allowed. */
class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", this);
  }

  async handleEvent(event) {
    const button = event.currentTarget;
    await navigator.clipboard.writeText(this.querySelector("[data-copy]").textContent.trim());
    button.lastChild.textContent = " Copied";
  }
}

customElements.define("copy-text", CopyText);
