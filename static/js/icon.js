/** An icon for markup that only a script can make: a copy of one that the page keeps in a template ({% icon_kit %}). */
export function icon(name) {
  const kept = document.querySelector(`template[data-icon="${name}"]`);
  return kept?.content.firstElementChild.cloneNode(true) ?? "";
}
