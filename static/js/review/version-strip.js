/** The row of versions: the one on the page is in sight, however many stand before it. */
class VersionStrip extends HTMLElement {
  connectedCallback() {
    const row = this.querySelector("ol");
    const here = row.querySelector("[data-here]");
    if (here) row.scrollLeft = here.offsetLeft + here.offsetWidth - row.clientWidth;
  }
}

customElements.define("version-strip", VersionStrip);
