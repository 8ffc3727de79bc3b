/**
 * Says in the tab's title, and in a notification if allowed, that a clip is ready while nobody looks: the tab is
 * hidden, or the window is not the one in front.
 * Listens for "clip-ready" with {title, url, count} (HX-Trigger: {"clip-ready": {…}}), where title may name several, and
 * for "news" with {items: [{title, url}]}, which is told by a notification alone.
 */
class PageTitle extends HTMLElement {
  #count = 0;
  #plain = "";

  connectedCallback() {
    document.addEventListener("clip-ready", this);
    document.addEventListener("news", this);
    document.addEventListener("visibilitychange", this);
    addEventListener("focus", this);
  }

  disconnectedCallback() {
    document.removeEventListener("clip-ready", this);
    document.removeEventListener("news", this);
    document.removeEventListener("visibilitychange", this);
    removeEventListener("focus", this);
  }

  handleEvent(event) {
    if (event.type === "clip-ready") this.#announce(event.detail);
    else if (event.type === "news") this.#tell(event.detail.items);
    else if (!document.hidden) this.#restore();
  }

  #announce({ title, url, count = 1 }) {
    if (!document.hidden && document.hasFocus()) return;
    if (!this.#count) this.#plain = document.title;
    this.#count += count;
    document.title = this.#count > 1 ? `✓ ${this.#count} clips are ready` : `✓ ${title} is ready`;
    notify(`${title} ${count > 1 ? "are" : "is"} ready`, url);
  }

  #tell(items) {
    if (document.hidden || !document.hasFocus()) for (const { title, url } of items) notify(title, url);
  }

  #restore() {
    if (!this.#count) return;
    this.#count = 0;
    document.title = this.#plain;
  }
}

function notify(words, url) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const note = new Notification(words, { tag: url });
  note.onclick = () => {
    window.focus();
    if (url) location.assign(url);
  };
}

customElements.define("page-title", PageTitle);
