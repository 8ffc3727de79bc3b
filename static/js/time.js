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

/** A short wait inside a sentence: "24 seconds", "5 minutes". As in studio/words/times.py. */
export function spoken(seconds) {
  const whole = Math.max(0, seconds);
  if (whole < 90) return `${whole} second${whole === 1 ? "" : "s"}`;
  return `${Math.round(whole / 60)} minutes`;
}
