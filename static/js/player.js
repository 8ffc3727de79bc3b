// The contents page of watching a clip.
import "./elements/simple-player.js";
import "./elements/hover-scrub.js";
