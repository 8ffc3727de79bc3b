import { csrfHeader } from "./csrf.js";

const PART = 8 * 1024 * 1024;
const PAUSES = [0, 1000, 3000, 5000, 10000, 20000, 30000];
const NO_ANSWER = "The line to the studio broke. The part that arrived is kept.";

/**
 * One file on its way to the studio: in parts, going on after a broken line, a restart or a reload (the same file
 * chosen again finds its place). The client for that is loaded when the first file is sent.
 */
export class Sending {
  #file;
  #where;
  #upload = null;
  #stopped = false;

  /**
   * @param {File} file
   * @param {{url: string, project: string, use: string}} where
   * @param {{progress: Function, checking: Function, ready: Function, refused: Function, broken: Function}} on
   */
  constructor(file, where, on) {
    this.#file = file;
    this.#where = where;
    this.on = on;
  }

  async start() {
    this.#stopped = false;
    const tus = await client();
    if (this.#stopped) return;
    this.#upload ??= this.#make(tus);
    const earlier = await this.#upload.findPreviousUploads();
    if (earlier.length && !this.#upload.url) this.#upload.resumeFromPreviousUpload(earlier[0]);
    this.#upload.start();
  }

  /** Stop for good: what arrived is taken back. */
  async stop() {
    this.#stopped = true;
    await this.#upload?.abort(true).catch(() => {});
  }

  #make(tus) {
    return new tus.Upload(this.#file, {
      endpoint: this.#where.url,
      chunkSize: PART,
      retryDelays: PAUSES,
      removeFingerprintOnSuccess: true,
      headers: csrfHeader(),
      metadata: { filename: this.#file.name, project: this.#where.project, use: this.#where.use },
      onShouldRetry: (error) => mayTryAgain(error.originalResponse?.getStatus() ?? 0),
      onProgress: (sent, size) => this.on.progress(sent, size),
      onSuccess: () => this.#finish(),
      onError: (error) => this.#fail(error.originalResponse),
    });
  }

  async #finish() {
    this.on.checking();
    for (const pause of PAUSES) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const answer = await this.#ask();
      if (answer && !mayTryAgain(answer.status)) return this.#tell(answer);
    }
    return this.on.broken(NO_ANSWER);
  }

  async #ask() {
    try {
      return await fetch(`${this.#upload.url}finish/`, { method: "POST", headers: csrfHeader() });
    } catch {
      return null;
    }
  }

  async #tell(answer) {
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) this.on.ready(told);
    else this.on.refused(told.summary ?? "This file can’t be used.");
  }

  #fail(response) {
    const sentence = readSentence(response);
    const status = response?.getStatus() ?? 0;
    if (sentence && status !== 401) this.on.refused(sentence);
    else this.on.broken(sentence || NO_ANSWER);
  }
}

/** Whether it is worth asking again: no answer, a busy or restarting server. */
function mayTryAgain(status) {
  return status === 0 || status === 423 || status === 429 || (status >= 500 && status !== 507);
}

function readSentence(response) {
  try {
    return JSON.parse(response.getBody()).summary ?? "";
  } catch {
    return "";
  }
}

async function client() {
  await import("../vendor/tus.min.js");
  return globalThis.tus;
}
