const ENOUGH = 12;
const STRONG = 16;
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** Says in words how good a password is while it is typed. The server decides; this only helps to choose. */
class PasswordWords extends HTMLElement {
  #input;

  connectedCallback() {
    this.#input = document.getElementById(this.getAttribute("for"));
    this.#input?.addEventListener("input", this);
    this.#say();
  }

  disconnectedCallback() {
    this.#input?.removeEventListener("input", this);
  }

  handleEvent() {
    this.#say();
  }

  #say() {
    const text = this.#input?.value ?? "";
    this.className = text ? "note" : "";
    this.dataset.kind = judge(text).kind;
    this.textContent = text ? judge(text).words : "";
  }
}

function judge(text) {
  const length = [...text].length;
  const missing = ENOUGH - length;
  if (missing > 0) return { kind: "quiet", words: `${missing} more character${missing === 1 ? "" : "s"}` };
  if (new Set(text).size < 6) return { kind: "change", words: "Easy to guess: the same few characters again and again" };
  const words = text.split(/[\s_.,;-]+/).filter((word) => word.length > 2).length;
  const count = words > 1 ? `, ${NUMBERS[words] ?? words} words` : "";
  return { kind: "good", words: `${length >= STRONG ? "Strong" : "Good"}: ${length} characters${count}` };
}

customElements.define("password-words", PasswordWords);
