// The contents page of clips that are being made.
import "./elements/elapsed-clock.js";
import "./elements/making-progress.js";
import "./elements/count-down.js";
import "./elements/next-clip.js";
