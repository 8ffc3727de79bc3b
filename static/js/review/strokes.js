// Strokes as lines of an SVG. Points are parts of the picture, 0 to 1; the drawing's own units are `width` by `height`.
const HEAD_LENGTH = 0.05;
const HEAD_SPREAD = 0.5;

/** The path of a stroke: {kind, points}, in units of width and height. */
export function pathOf({ kind, points }, width, height) {
  const spots = points.map(([x, y]) => [x * width, y * height]);
  if (kind === "box") return boxPath(spots);
  if (kind === "circle") return circlePath(spots);
  return kind === "arrow" ? curve(spots) + headPath(spots, Math.hypot(width, height) * HEAD_LENGTH) : curve(spots);
}

/** A line through all spots that has no corners of its own. */
function curve(spots) {
  const [[x, y], ...rest] = spots;
  let path = `M${at(x)} ${at(y)}`;
  rest.forEach(([toX, toY], index) => {
    const next = rest[index + 1];
    path += next
      ? `Q${at(toX)} ${at(toY)} ${at((toX + next[0]) / 2)} ${at((toY + next[1]) / 2)}`
      : `L${at(toX)} ${at(toY)}`;
  });
  return path;
}

/** Two short lines at the end, along the way that the stroke came. */
function headPath(spots, length) {
  const [endX, endY] = spots.at(-1);
  const from = spots.findLast(([x, y]) => Math.hypot(endX - x, endY - y) >= length) ?? spots[0];
  const angle = Math.atan2(endY - from[1], endX - from[0]);
  const side = (turn) => [endX - length * Math.cos(angle + turn), endY - length * Math.sin(angle + turn)];
  const [[leftX, leftY], [rightX, rightY]] = [side(HEAD_SPREAD), side(-HEAD_SPREAD)];
  return `M${at(leftX)} ${at(leftY)}L${at(endX)} ${at(endY)}L${at(rightX)} ${at(rightY)}`;
}

function boxPath([[left, top], [right, bottom]]) {
  return `M${at(left)} ${at(top)}H${at(right)}V${at(bottom)}H${at(left)}Z`;
}

function circlePath([[left, top], [right, bottom]]) {
  const [radiusX, radiusY] = [Math.abs(right - left) / 2, Math.abs(bottom - top) / 2];
  const [x, y] = [Math.min(left, right), (top + bottom) / 2];
  const half = (toX) => `A${at(radiusX)} ${at(radiusY)} 0 1 1 ${at(toX)} ${at(y)}`;
  return `M${at(x)} ${at(y)}${half(x + 2 * radiusX)}${half(x)}Z`;
}

function at(number) {
  return Number(number.toFixed(2));
}
