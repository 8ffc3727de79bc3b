// The contents page: one behaviour, one element, one file. Collecting static files makes it one script.
// What most pages do not need is fetched when its element first stands on the page (see later.js).
import "./htmx-later.js";
import "./csrf.js";
import "./face-sans.js";
import "./elements/theme-switch.js";
import "./elements/menu-button.js";
import "./elements/page-keys.js";
import "./elements/toast-area.js";
import "./elements/offline-line.js";
import "./elements/page-title.js";
import "./elements/notify-offer.js";
import "./elements/range-fill.js";
import "./elements/poll-clock.js";
import "./later.js";
