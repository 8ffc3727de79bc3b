/** A request by htmx, which may still be on its way (htmx-later.js). Ends when the answer stands on the page. */
export async function ask(verb, url, options) {
  await globalThis.htmxThere;
  return globalThis.htmx.ajax(verb, url, options);
}
