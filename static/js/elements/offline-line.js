/** A quiet line under the bar while the browser has no connection. */
class OfflineLine extends HTMLElement {
  connectedCallback() {
    addEventListener("online", this);
    addEventListener("offline", this);
    this.hidden = navigator.onLine;
  }

  disconnectedCallback() {
    removeEventListener("online", this);
    removeEventListener("offline", this);
  }

  handleEvent(event) {
    this.hidden = event.type === "online";
  }
}

customElements.define("offline-line", OfflineLine);
