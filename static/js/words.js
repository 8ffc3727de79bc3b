// What Intl would say, in the product's one language: to load it costs a slow phone a tenth of a second.

/** 5000 is "5,000". As the filter "thousands" of the templates. */
export function thousands(number) {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Names in a sentence: "Image 1, Image 2 and Video 1". */
export function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
