import { shortcut } from "../keys.js";

const OWN_KEYS = "input, .menu[open] .menu__panel, dialog";

/** The keys of a review-player, wherever the focus is outside text fields. */
export class PlayerKeys {
  #player;

  constructor(player) {
    this.#player = player;
    addEventListener("keydown", this);
  }

  leave() {
    removeEventListener("keydown", this);
  }

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
