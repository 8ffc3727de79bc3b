// The face of the prompt, which only Create needs at once. Why, see face-sans.js.
document.fonts.load('1em "Newsreader"').catch(() => {});
