const PLACE = "review-sound";

/** Give a video the loudness this person last chose in this browser, and keep what they choose from now on. */
export function keepSound(video) {
  const kept = JSON.parse(read() ?? "{}");
  if (typeof kept.volume === "number") video.volume = Math.min(Math.max(0, kept.volume), 1);
  if (kept.muted === true) video.muted = true;
  video.addEventListener("volumechange", () => write(JSON.stringify({ volume: video.volume, muted: video.muted })));
}

function read() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

function write(text) {
  try {
    localStorage.setItem(PLACE, text);
  } catch {
    // A browser that keeps nothing only forgets the loudness.
  }
}
