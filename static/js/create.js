// The contents page of Create. Collecting static files makes it one script.
import "./elements/composer-form.js";
import "./elements/prompt-editor.js";
import "./elements/reference-tray.js";
import "./elements/length-slider.js";
import "./elements/take-stepper.js";
import "./elements/count-field.js";
import "./elements/cost-line.js";
