// Everything about the view lives in the address: what changes is written there, and links take it along.
const CLIPS = ["a", "b", "c", "d"];
const USUAL = { way: "across", split: "50", mix: "50", blend: "blend", beat: "hand", speed: "1", loop: "1", frame: "0" };
const WRITES_AFTER = 300;
let pending = {};
let timer = 0;

/** Keeps values in the address; an empty or usual one leaves it. Written a moment later, so that dragging is cheap. */
export function keep(values) {
  Object.assign(pending, values);
  clearTimeout(timer);
  timer = setTimeout(write, WRITES_AFTER);
}

export function write() {
  clearTimeout(timer);
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(pending)) {
    const text = String(value);
    const isUsual = USUAL[name] === text || (name.startsWith("offset_") && text === "0");
    if (isUsual) query.delete(name);
    else query.set(name, text);
  }
  pending = {};
  for (const name of ["find", "at"]) query.delete(name);
  history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
}

/** The address of a link that changes the clips, with how they are looked at now. */
export function taking(link) {
  write();
  const goal = new URL(link.href);
  const now = new URLSearchParams(location.search);
  for (const [name, value] of now) {
    const slot = name.startsWith("offset_") ? name.at(-1) : "";
    const isSameClip = slot && now.get(slot) === goal.searchParams.get(slot);
    const isView = !CLIPS.includes(name) && name !== "against" && !slot;
    if (isView || isSameClip) goal.searchParams.set(name, value);
  }
  return goal.href;
}
