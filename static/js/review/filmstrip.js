const COLUMNS = 5;
const ROWS = 4;
export const TILES = COLUMNS * ROWS;

/** Which of the sheet's 20 tiles shows a share (0 to 1) of the film. */
export function tileAt(share) {
  return Math.min(Math.max(0, Math.floor(share * TILES)), TILES - 1);
}

/**
 * Paint one tile of a sprite so that it covers a box of this size, cut at its sides or at its top and bottom.
 * `shape` is the film's width over its height.
 */
export function paintTile(box, { sprite, tile, shape, width, height }) {
  const drawn = width / height > shape ? { width, height: width / shape } : { width: height * shape, height };
  const left = (tile % COLUMNS) * drawn.width + (drawn.width - width) / 2;
  const top = Math.floor(tile / COLUMNS) * drawn.height + (drawn.height - height) / 2;
  Object.assign(box.style, {
    backgroundImage: `url("${encodeURI(sprite)}")`,
    backgroundSize: `${drawn.width * COLUMNS}px ${drawn.height * ROWS}px`,
    backgroundPosition: `${-left}px ${-top}px`,
  });
}
