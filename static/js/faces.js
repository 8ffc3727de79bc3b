/**
 * Begins with a face before the first layout asks for it. The layout would take the browser's stand-in, at the price of
 * a look for it in every size and weight, and be done again when ours is there. One that cannot be had stays a stand-in.
 */
export function ask(family) {
  document.fonts.load(`1em "${family}"`).catch(() => {});
}
