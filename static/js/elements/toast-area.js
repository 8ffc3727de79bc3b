import { icon } from "../icon.js";

const STAYS_FOR = 8000;
const SIGNS = { good: "circle-check", fail: "triangle-alert", info: "info" };

/**
 * Short messages, read out politely. Shows what the server left in the page, what an answer asks for
 * (HX-Trigger: {"toast": {"text": "…", "kind": "good"}}), and says so when an answer never came.
 */
class ToastArea extends HTMLElement {
  connectedCallback() {
    document.addEventListener("toast", this);
    document.addEventListener("htmx:response:error", this);
    document.addEventListener("htmx:error", this);
    this.addEventListener("click", this);
    for (const toast of this.querySelectorAll(".toast")) this.#dismissLater(toast);
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this);
    document.removeEventListener("htmx:response:error", this);
    document.removeEventListener("htmx:error", this);
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "click") event.target.closest(".toast__close")?.closest(".toast").remove();
    else if (event.type === "toast") this.show(event.detail);
    else this.#sayWhyNot(event.detail?.ctx);
  }

  /** @param {{text: string, kind?: "good" | "fail" | "info"}} message */
  show({ text, kind = "good" }) {
    if ([...this.querySelectorAll(".toast > p")].some((shown) => shown.textContent === text)) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.kind = kind;
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast__close";
    close.setAttribute("aria-label", "Close this message");
    close.append(icon("x"));
    toast.append(icon(SIGNS[kind] ?? "info"), words, close);
    this.append(toast);
    this.#dismissLater(toast);
  }

  #sayWhyNot(ctx) {
    const status = ctx?.response?.status ?? 0;
    const isPoll = ctx?.request?.method?.toUpperCase() === "GET";
    if (isPoll || (status >= 400 && status < 500 && status !== 403)) return;
    const text = status
      ? "The studio couldn’t do that. What you wrote is kept; please try again."
      : "No answer from the studio. What you wrote is kept; try again when you are back online.";
    this.show({ text, kind: "fail" });
  }

  // A message that asks for a decision or reports trouble waits for the person; the others leave.
  #dismissLater(toast) {
    if (toast.dataset.kind === "fail" || toast.querySelector("form, a, .link")) return;
    const timer = setInterval(() => {
      if (toast.matches(":hover, :focus-within")) return;
      clearInterval(timer);
      toast.remove();
    }, STAYS_FOR);
  }
}

customElements.define("toast-area", ToastArea);
