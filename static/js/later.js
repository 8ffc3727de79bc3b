// Fetches a script when one of its elements first stands on the page.
const SCRIPTS = new Map([
  ["simple-player, hover-scrub", () => import("./player.js")],
  ["upload-area", () => import("./upload.js")],
  ["scrub-tile, clip-grid, older-clips, file-shelf, frame-picker, copy-text", () => import("./library.js")],
  ["fix-drawer, keep-stretch", () => import("./fix.js")],
  ["password-field, six-digits", () => import("./door.js")],
]);

function fetchWhatIsNeeded() {
  for (const [elements, fetchIt] of SCRIPTS) {
    if (!document.querySelector(elements)) continue;
    SCRIPTS.delete(elements);
    fetchIt();
  }
}

fetchWhatIsNeeded();
document.addEventListener("htmx:after:swap", fetchWhatIsNeeded);
