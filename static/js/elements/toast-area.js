import { renewToken } from "../csrf.js";
import { icon } from "../icon.js";

const STAYS_FOR = 8000;
const SIGNS = { good: "circle-check", fail: "triangle-alert", info: "info" };
const HEARD = ["toast", "htmx:response:error", "htmx:error", "visibilitychange"];
const SAY_IT_THEMSELVES = "poll-clock, live-poll, cost-line, #brief";
const REFUSED = {
  404: "That is not here any more. Nothing was changed.",
  429: "That was too much at once. Nothing was changed; please try again in a minute.",
};

/**
 * Short messages, read out politely. Shows what the server left in the page, what an answer asks for
 * (HX-Trigger: {"toast": {"text": "…", "kind": "good"}}, or several in its "items"), and says so when an answer
 * never came, was a refusal, or found nobody signed in. Signing in is done in another tab, and this page goes on when
 * the person comes back.
 */
class ToastArea extends HTMLElement {
  connectedCallback() {
    for (const name of HEARD) document.addEventListener(name, this);
    this.addEventListener("click", this);
    for (const toast of this.querySelectorAll(".toast")) this.#dismissLater(toast);
  }

  disconnectedCallback() {
    for (const name of HEARD) document.removeEventListener(name, this);
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "click") event.target.closest(".toast__close")?.closest(".toast").remove();
    else if (event.type === "toast") for (const each of event.detail.items ?? [event.detail]) this.show(each);
    else if (event.type === "visibilitychange") this.#comeBack();
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
    const source = ctx?.sourceElement;
    const saysItself = source?.matches?.(SAY_IT_THEMSELVES);
    if (status === 401) return saysItself || this.#saySignedOut();
    const isPress = ctx?.request?.method?.toUpperCase() !== "GET" || source?.matches?.("a, button");
    const isOurs = status < 400 || status === 403 || status >= 500;
    if (!isPress || (!isOurs && (saysItself || !REFUSED[status]))) return;
    const couldNot = status
      ? "The studio couldn’t do that. What you wrote is kept; please try again."
      : "No answer from the studio. What you wrote is kept; try again when you are back online.";
    this.show({ text: REFUSED[status] ?? couldNot, kind: "fail" });
  }

  #saySignedOut() {
    if (this.querySelector("[data-signed-out]")) return;
    const toast = document.importNode(this.querySelector("template").content, true);
    toast.querySelector("a").search = new URLSearchParams({ next: location.pathname + location.search });
    this.append(toast);
  }

  /** From signing in, as it may be: this page's token belongs to the sign-in that is over. */
  #comeBack() {
    const toast = this.querySelector("[data-signed-out]");
    if (!toast || document.hidden) return;
    toast.remove();
    renewToken().catch(() => {});
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
