// The contents page of judging a clip.
import "./elements/copy-text.js";
