/** The header that every request that changes something needs. The page carries its token. */
export function csrfHeader() {
  return { "X-CSRFToken": document.body.dataset.csrf ?? "" };
}

/** Signing in again in another tab makes this page's token worthless: take the one that a fresh page carries. */
export async function renewToken() {
  const answer = await fetch(location.href);
  const { csrf } = new DOMParser().parseFromString(await answer.text(), "text/html").body.dataset;
  document.body.dataset.csrf = csrf;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = csrf;
}

document.addEventListener("htmx:config:request", (event) => {
  Object.assign(event.detail.ctx.request.headers, csrfHeader());
});
