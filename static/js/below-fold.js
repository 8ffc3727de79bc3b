// The last script of Create, in a file of its own: the task in which a page is done with its scripts also lays it out.
// Lays out what the first frame of Create left out, a part in each frame, so that no frame keeps a person waiting.
// The style sheet (pages/create.css) shows them after a second should this never run.
const PARTS = ["words", "foot", "providers", "stage", "settings", "choices", "mark", "shots"];

function show(page, parts) {
  requestAnimationFrame(() => {
    page.dataset.shown = `${page.dataset.shown ?? ""} ${parts[0]}`.trim();
    if (parts.length > 1) show(page, parts.slice(1));
  });
}

// The frame after the scripts have run is the first in which writing works; the parts come in those that follow it.
document.addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector(".create");
  if (page) requestAnimationFrame(() => show(page, PARTS));
});
