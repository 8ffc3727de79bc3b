/** Whole seconds as people read them on a player: 65 is "1:05". */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** With tenths, for scrubbing: 3.04 is "0:03.0". */
export function clockWithTenths(seconds) {
  const tenths = Math.floor(Math.max(0, seconds || 0) * 10);
  return `${clock(tenths / 10)}.${tenths % 10}`;
}
