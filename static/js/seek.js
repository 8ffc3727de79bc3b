/**
 * Sends a film to a moment, in seconds; done when it is there, or broken. A film that is sought while it loads may say
 * in Chromium that it has arrived and leave the picture before on screen for good. Who asks to be told of pictures has
 * it looked at again.
 */
export async function seek(video, seconds) {
  const arrival = once(video, "seeked", "error");
  video.currentTime = seconds;
  await arrival;
  video.requestVideoFrameCallback?.(() => {});
}

/** The first of these events. */
export function once(target, ...names) {
  return new Promise((done) => {
    const end = () => {
      for (const name of names) target.removeEventListener(name, end);
      done();
    };
    for (const name of names) target.addEventListener(name, end);
  });
}
