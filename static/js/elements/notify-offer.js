/** Offers a browser notification, once. Hidden where it cannot be asked for or was answered. */
class NotifyOffer extends HTMLElement {
  connectedCallback() {
    this.hidden = !("Notification" in window) || Notification.permission !== "default";
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  async handleEvent(event) {
    if (!event.target.closest("button")) return;
    await Notification.requestPermission();
    this.hidden = true;
  }
}

customElements.define("notify-offer", NotifyOffer);
