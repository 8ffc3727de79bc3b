// Fetches a script when one of its elements first stands on the page.
const SCRIPTS = new Map([
  ["simple-player, hover-scrub", () => import("./player.js")],
  ["elapsed-clock, making-progress, count-down, next-clip > template", () => import("./making.js")],
  ["upload-area", () => whenIdle(() => import("./upload.js"))],
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

/** What nobody needs in the first moment waits until the page is there, or a file is dragged over it. */
function whenIdle(act) {
  const wait = globalThis.requestIdleCallback ?? setTimeout; // Safari has no idle callbacks.
  if (document.readyState === "complete") wait(act);
  else for (const name of ["load", "dragenter"]) addEventListener(name, () => wait(act), { once: true });
}

fetchWhatIsNeeded();
document.addEventListener("htmx:after:swap", fetchWhatIsNeeded);

/** Files that somebody drops or pastes before the upload script is there go on their way once it is. */
async function holdForUpload(event) {
  const area = document.querySelector("upload-area:not(:defined)");
  const files = [...((event.dataTransfer ?? event.clipboardData)?.files ?? [])];
  if (!area || !files.length) return;
  event.preventDefault(); // The browser would open the file in place of the page.
  await import("./upload.js");
  area.add(files);
}

for (const name of ["drop", "paste"]) document.addEventListener(name, holdForUpload);
document.addEventListener("dragover", (event) => {
  if (document.querySelector("upload-area:not(:defined)")) event.preventDefault();
});
