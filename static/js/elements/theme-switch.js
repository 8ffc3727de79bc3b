const YEAR = 365 * 24 * 3600;

/** The lights of the room. Follows the system until pressed; then a cookie keeps the choice. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this);
  }

  handleEvent(event) {
    event.preventDefault();
    const theme = this.#isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  }

  #isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
}

customElements.define("theme-switch", ThemeSwitch);
