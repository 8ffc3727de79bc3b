// htmx reads the whole page when it begins, and nobody waits for that: it comes after the first frame. Who presses
// something of its before is held for that moment; a page without scripts would have left the page.
let isThere = false;

/** Ends when htmx has read the page, or cannot be had. */
globalThis.htmxThere = new Promise((resolve) => {
  // A page in the background draws no frame.
  if (document.hidden) begin();
  else requestAnimationFrame(() => setTimeout(begin));

  function begin() {
    const script = document.createElement("script");
    script.src = document.querySelector("link[data-htmx]")?.href ?? "";
    script.onload = () => setTimeout(resolve); // it begins in a task of its own, which it asked for before this one
    script.onerror = resolve;
    document.head.append(script);
  }
}).then(() => {
  isThere = true;
});

document.addEventListener("click", hold, true);
document.addEventListener("submit", hold, true);

async function hold(event) {
  const isForm = event.type === "submit";
  const pressed = event.target.closest("[data-hx-get], [data-hx-post]");
  if (isThere || !pressed?.matches(isForm ? "form" : "a, button") || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await globalThis.htmxThere;
  if (isForm) pressed.requestSubmit(event.submitter);
  else pressed.click();
}
