// The contents page of judging a clip.
import "./elements/decision-dock.js";
import "./review/review-player.js";
import "./review/review-timeline.js";
import "./review/frame-form.js";
import "./review/review-tabs.js";
import "./review/version-strip.js";
import "./review/key-help.js";
import "./review/drawing-layer.js";
import "./review/live-poll.js";
import "./review/note-list.js";
import "./review/note-composer.js";
