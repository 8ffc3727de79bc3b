// The contents page of Compare. Collecting static files makes it one script.
import "./compare/compare-room.js";
import "./compare/compare-transport.js";
import "./compare/compare-wipe.js";
import "./compare/compare-overlap.js";
import "./compare/compare-flip.js";
import "./compare/compare-grid.js";
