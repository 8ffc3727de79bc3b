const TYPING = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, dialog, [contenteditable]";

/**
 * The key of a shortcut, letters small. Nothing with Ctrl, Alt or Meta, nothing in a text field, and no single
 * character when a person has switched those off in the account.
 */
export function shortcut(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return "";
  if (event.key.length > 1 || event.key === " ") return event.key;
  return document.body.dataset.singleKeys === "off" ? "" : event.key.toLowerCase();
}
