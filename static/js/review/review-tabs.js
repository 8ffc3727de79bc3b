/** The two halves of the side panel. Without scripts the same links show a half by its address. */
class ReviewTabs extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    const tab = event.target.closest("[data-tab]");
    if (!tab || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.closest(".review__side").dataset.tab = tab.dataset.tab;
    for (const each of this.querySelectorAll("[data-tab]")) {
      if (each === tab) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  }
}

customElements.define("review-tabs", ReviewTabs);
