/** Tell the stylesheet how far a range input is along, so that it can paint the part before the knob. */
export function paintRange(input) {
  const min = Number(input.min || 0);
  const max = Number(input.max || 100);
  const share = max > min ? (Number(input.value) - min) / (max - min) : 0;
  const fill = share.toFixed(4);
  if (input.style.getPropertyValue("--fill") !== fill) input.style.setProperty("--fill", fill);
}
