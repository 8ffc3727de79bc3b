// The last script of Create, in a file of its own: the task in which a page is done with its scripts also lays it out.
// Lays out what that layout left out, in small frames, so that none keeps a person waiting. `data-comes` on a part says
// in which of them it comes. It is on the part itself: a mark around it would have all inside it styled in every frame.
// The style sheet (pages/create.css) shows the parts after a second should this never run.
function show([frame, ...others]) {
  requestAnimationFrame(() => {
    for (const part of frame) part.removeAttribute("data-comes");
    if (others.length) show(others);
  });
}

document.addEventListener("DOMContentLoaded", () => {
  const parts = Map.groupBy(document.querySelectorAll("[data-comes]"), (part) => Number(part.dataset.comes));
  const frames = [...parts.keys()].sort((one, other) => one - other).map((frame) => parts.get(frame));
  if (frames.length) show(frames);
});
