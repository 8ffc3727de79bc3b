/** The header that every request that changes something needs. The page carries its token. */
export function csrfHeader() {
  return { "X-CSRFToken": document.body.dataset.csrf ?? "" };
}

document.addEventListener("htmx:config:request", (event) => {
  Object.assign(event.detail.ctx.request.headers, csrfHeader());
});
