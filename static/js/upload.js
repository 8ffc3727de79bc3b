// The contents page of sending files.
import "./elements/upload-area.js";
