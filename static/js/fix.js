// The contents page of "Fix it for me".
import "./elements/fix-drawer.js";
import "./elements/keep-stretch.js";
