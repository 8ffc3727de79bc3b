// The contents page of the Library and of a clip's own page.
import "./elements/scrub-tile.js";
import "./elements/clip-grid.js";
import "./elements/older-clips.js";
import "./elements/file-shelf.js";
import "./elements/frame-picker.js";
import "./elements/copy-text.js";
