// Frames as people read them, as in studio/timecodes.py: "0:02.14" is frame 14 of the third second.
const TINY = 1e-6;
const WRITTEN = /^(?:(\d{1,3}):)?(\d{1,4})(?:[.:](\d{1,3}))?$/;

/** "minutes:seconds.frames" of a frame; of the number of frames it is the clip's length. */
export function timecode(frame, fps) {
  const whole = Math.max(0, frame);
  const seconds = Math.floor(whole / fps + TINY);
  const frames = String(whole - firstFrame(seconds, fps)).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}.${frames}`;
}

/** The frame that a person wrote as "0:02.14", "2.14" or "0:02"; null for anything else. */
export function parse(text, fps) {
  const written = WRITTEN.exec(text.trim());
  if (!written) return null;
  const [minutes, seconds, frames] = written.slice(1).map((part) => Number(part ?? 0));
  if (frames >= Math.ceil(fps - TINY) || (written[1] && seconds > 59)) return null;
  return firstFrame(minutes * 60 + seconds, fps) + frames;
}

/** The frame on screen at a moment of a film, in seconds. */
export function frameAt(seconds, fps) {
  return Math.floor((seconds + TINY) * fps + TINY);
}

/**
 * The frame that a browser means by the media time of a picture it put on screen: mostly the frame's own beginning,
 * give or take a rounding; in Firefox after a seek the moment that was sought, its middle.
 */
export function frameShownAt(mediaTime, fps) {
  return Math.floor(mediaTime * fps + 0.25);
}

/** A moment when the frame is on screen whatever is rounded where: its middle. */
export function middleOf(frame, fps) {
  return (frame + 0.5) / fps;
}

function firstFrame(seconds, fps) {
  return Math.ceil(seconds * fps - TINY);
}
