/** Fetches the strokes of the notes that the page lists, each once, and gives them to the drawing layer. */
export class NoteDrawings {
  #layer;
  #address;
  #strokes = new Map();

  constructor(layer, address) {
    this.#layer = layer;
    this.#address = address;
  }

  /** Call it whenever the list may have changed. */
  async look() {
    const missing = this.#drawn.filter((note) => !this.#strokes.has(keyOf(note))).map(keyOf);
    for (const key of missing) this.#strokes.set(key, []);
    if (missing.length) await this.#fetch(missing);
    this.#show();
  }

  get #drawn() {
    return [...document.querySelectorAll(".remark[data-drawn]")];
  }

  async #fetch(keys) {
    try {
      const answer = await fetch(`${this.#address}?drawings=${keys.join(",")}`);
      const { drawings } = await answer.json();
      for (const [key, strokes] of Object.entries(drawings)) this.#strokes.set(key, strokes);
    } catch {
      // Asked for again with the next change; the note says in words that something is drawn.
      for (const key of keys) this.#strokes.delete(key);
    }
  }

  #show() {
    this.#layer.show(
      this.#drawn.map((note) => ({
        key: keyOf(note),
        frame: Number(note.dataset.first),
        strokes: this.#strokes.get(keyOf(note)) ?? [],
        label: `${note.querySelector("b").textContent}: ${note.dataset.drawn}`,
      })),
    );
  }
}

function keyOf(note) {
  return note.id.replace("note-", "");
}
