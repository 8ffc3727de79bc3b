// Begins with our face before the first layout asks for it. The layout would take the browser's stand-in, at the price
// of a look for it in every size and weight, and be done again when ours is there. Where ours cannot be had, the
// stand-in stays.
document.fonts.load('1em "Hanken Grotesk"').catch(() => {});
