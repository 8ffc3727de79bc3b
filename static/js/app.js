// The contents page: one behaviour, one element, one file. Collecting static files makes it one script.
import "./elements/theme-switch.js";
import "./elements/menu-button.js";
import "./elements/toast-area.js";
import "./elements/offline-line.js";
import "./elements/page-title.js";
import "./elements/notify-offer.js";
import "./elements/elapsed-clock.js";
import "./elements/range-fill.js";
import "./elements/simple-player.js";
import "./elements/scrub-tile.js";
import "./elements/password-field.js";
import "./elements/upload-area.js";
