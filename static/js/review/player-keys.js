import { shortcut } from "../keys.js";

const OWN_KEYS = "input, .menu[open] .menu__panel, dialog";
// What these open stands beside the film, where nothing can be focused while the film has the whole screen.
const BESIDE = /^[marv]$/;

/** The keys of a review-player, wherever the focus is outside text fields. */
export class PlayerKeys {
  #player;

  constructor(player) {
    this.#player = player;
    addEventListener("keydown", this);
    addEventListener("keydown", this.#leaveScreen, { capture: true });
  }

  leave() {
    removeEventListener("keydown", this);
    removeEventListener("keydown", this.#leaveScreen, { capture: true });
  }

  /** Full screen ends first, then the key is pressed again. */
  #leaveScreen = (event) => {
    const { key } = event;
    if (!document.fullscreenElement || !BESIDE.test(shortcut(event))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.exitFullscreen().then(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
  };

  handleEvent(event) {
    if (event.defaultPrevented || event.target.closest?.(OWN_KEYS)) return;
    const key = shortcut(event);
    if (key === " " && event.target.closest?.("button, summary, a")) return;
    const act = this.#acts(event.shiftKey)[key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #acts(isShifted) {
    const player = this.#player;
    const step = isShifted ? Math.round(player.fps) : 1;
    const isOnTimeline = document.activeElement?.matches("[role=slider]");
    return {
      " ": () => player.toggle(),
      k: () => player.toggle(),
      j: () => player.slower(),
      l: () => player.faster(),
      ArrowLeft: () => player.step(-step),
      ArrowRight: () => player.step(step),
      i: () => player.stretch.begin(player.frame),
      o: () => player.stretch.end(player.frame),
      x: () => player.clearRange(),
      s: () => player.toggleSound(),
      f: () => player.toggleScreen(),
      "+": () => player.zoom.closer(),
      "=": () => player.zoom.closer(),
      "-": () => player.zoom.farther(),
      0: () => player.zoom.fit(),
      ...(isOnTimeline && {
        Home: () => player.seek(0),
        End: () => player.seek(player.frames - 1),
        PageUp: () => player.step(Math.round(player.fps)),
        PageDown: () => player.step(-Math.round(player.fps)),
      }),
    };
  }
}
