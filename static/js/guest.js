// The contents page of the client's page: a film, comments on its moments, and what others say meanwhile.
import "./csrf.js";
import "./elements/range-fill.js";
import "./elements/simple-player.js";
import "./elements/hover-scrub.js";
import "./review/drawing-layer.js";
import "./guest/guest-film.js";
import "./guest/guest-composer.js";
import "./guest/guest-words.js";
import "./guest/guest-poll.js";
