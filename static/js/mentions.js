// Names of references inside a prompt. The same rules as studio/mentions.py, held together by shared examples.

const TOKEN = /\{\{ref:([a-z0-9]{1,12})\}\}/g;
const NAME = /(?<![\p{L}\p{N}])([Ii][Mm][Aa][Gg][Ee]|[Vv][Ii][Dd][Ee][Oo]) ([1-9][0-9]?|\?)(?![\p{L}\p{N}])/gu;
const WORDS = { image: "Image", video: "Video" };

/** @typedef {{key: string, kind: "image" | "video"}} Named */

/** The order a text was written against: "a1b2c3:image,d4e5f6:video:gone". */
export function readKeys(text) {
  const all = text ? text.split(",").map((part) => part.split(":")) : [];
  const named = (parts) => parts.map(([key, kind]) => ({ key, kind }));
  return { refs: named(all.filter((part) => !part[2])), gone: named(all.filter((part) => part[2])) };
}

export function writeKeys({ refs, gone }) {
  return [...refs.map(({ key, kind }) => `${key}:${kind}`), ...gone.map(({ key, kind }) => `${key}:${kind}:gone`)].join(",");
}

/** The name of each reference by key, pictures and clips counted separately. */
export function labels(refs) {
  const counts = { image: 0, video: 0 };
  return new Map(refs.map(({ key, kind }) => [key, `${WORDS[kind]} ${(counts[kind] += 1)}`]));
}

export function toStored(display, refs, gone = []) {
  const keys = new Map([...labels(refs)].map(([key, name]) => [name.toLowerCase(), key]));
  for (const kind of ["image", "video"]) {
    const lost = gone.filter((ref) => ref.kind === kind);
    if (lost.length === 1) keys.set(`${kind} ?`, lost[0].key);
  }
  const safe = display.replace(TOKEN, (token) => token.replace("{{", "{ {"));
  return safe.replace(NAME, (typed) => {
    const key = keys.get(typed.toLowerCase());
    return key ? `{{ref:${key}}}` : typed;
  });
}

export function toDisplay(stored, refs, gone = []) {
  const names = new Map([...gone.map(({ key, kind }) => [key, `${WORDS[kind]} ?`]), ...labels(refs)]);
  return stored.replace(TOKEN, (token, key) => names.get(key) ?? "Image ?");
}

/** Rewrite the names in a text after the tray changed from `before` to `after`. */
export function relabel(display, before, after, gone = []) {
  return toDisplay(toStored(display, before, gone), after, [...gone, ...before]);
}

/** The pieces of a text as it stands: {text, name: "" | "known" | "unknown"}. */
export function pieces(display, refs) {
  const known = new Set([...labels(refs).values()].map((name) => name.toLowerCase()));
  const found = [];
  let end = 0;
  for (const match of display.matchAll(NAME)) {
    if (match.index > end) found.push({ text: display.slice(end, match.index), name: "" });
    found.push({ text: match[0], name: known.has(match[0].toLowerCase()) ? "known" : "unknown" });
    end = match.index + match[0].length;
  }
  if (end < display.length) found.push({ text: display.slice(end), name: "" });
  return found;
}

/** Names in a text that point at nothing, each once, as they are spelled in the tray. */
export function unknownNames(display, refs) {
  const unknown = pieces(display, refs).filter((piece) => piece.name === "unknown");
  return [...new Set(unknown.map(({ text }) => text[0].toUpperCase() + text.slice(1).toLowerCase()))];
}

/** Keys that a text mentions. */
export function mentioned(display, refs) {
  return new Set([...toStored(display, refs).matchAll(TOKEN)].map((match) => match[1]));
}

/** Replace every spelling of a name: with another name, or with nothing and one space less. */
export function rename(display, name, other) {
  const isIt = (typed) => typed.toLowerCase() === name.toLowerCase();
  if (other) return display.replace(NAME, (typed) => (isIt(typed) ? other : typed));
  return display
    .replace(NAME, (typed) => (isIt(typed) ? "\u0000" : typed))
    .replace(/ \u0000(?=[ .,;:!?]|$)|\u0000 ?/gu, "");
}
