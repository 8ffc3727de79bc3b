import { frameAt, middleOf } from "../review/timecode.js";

/**
 * One clock for several films. One of them leads, preferably the one that is heard: it plays at its own pace and the
 * others follow it. Where it has ended, or there is none, time goes on by the computer's clock.
 *
 * Time 0 is the first frame of every film without an offset; the length is that of the longest. Frames are counted at
 * the finest rate of them all. Events: "tick" (the picture or the time changed), "change" (playing, waiting, length).
 */
export class CompareClock extends EventTarget {
  #tracks;
  #heard = "";
  #speed = 1;
  #isPlaying = false;
  #isRunning = false;
  #time = 0;
  #timeWas = 0; // performance.now() when #time was true
  #turn = 0; // every play, pause and seek begins a new turn; what an older one still waits for is forgotten
  #parking = null;
  #isWaiting = false;
  loops = true;

  constructor(tracks) {
    super();
    this.#tracks = tracks;
  }

  get tracks() {
    return this.#tracks;
  }

  get fps() {
    return Math.max(...this.#tracks.map((track) => track.fps));
  }

  get length() {
    return Math.max(...this.#tracks.map((track) => track.end));
  }

  get frames() {
    return Math.max(1, Math.round(this.length * this.fps));
  }

  get frame() {
    return Math.min(Math.max(0, frameAt(this.now, this.fps)), this.frames - 1);
  }

  get isPlaying() {
    return this.#isPlaying;
  }

  get isWaiting() {
    return this.#isWaiting;
  }

  get speed() {
    return this.#speed;
  }

  get now() {
    if (!this.#isRunning) return this.#time;
    const leader = this.#leader;
    if (leader) {
      this.#set(leader.now);
      return this.#time;
    }
    return this.#time + ((performance.now() - this.#timeWas) / 1000) * this.#speed;
  }

  set speed(speed) {
    this.#set(this.now);
    this.#speed = speed;
    this.#tell("change");
  }

  /** Which slot is heard, or none. */
  hear(slot) {
    this.#set(this.now);
    this.#heard = slot;
    for (const track of this.#tracks) track.video.muted = track.slot !== slot;
  }

  /** Moves one film against the others, by frames of its own. */
  shift(slot, frames) {
    const track = this.#tracks.find((each) => each.slot === slot);
    if (!track || !Number.isInteger(frames)) return;
    this.#set(this.now);
    track.offset = frames;
    this.#tell("change");
    this.seek(this.frame);
  }

  async play() {
    const turn = this.#begin();
    this.#isPlaying = true;
    if (this.#time >= this.length - 1 / this.fps) this.#time = 0;
    this.#tell("change");
    await this.#run(turn);
  }

  pause() {
    const frame = this.frame;
    this.#begin();
    this.#isPlaying = false;
    this.#tell("change");
    return this.#park(frame);
  }

  toggle() {
    return this.#isPlaying ? this.pause() : this.play();
  }

  /** To a frame; if it was playing it plays on from there. */
  async seek(frame) {
    const wasPlaying = this.#isPlaying;
    const turn = this.#begin();
    const wanted = Math.min(Math.max(0, Math.round(frame)), this.frames - 1);
    this.#set(middleOf(wanted, this.fps));
    this.#tell("tick");
    await this.#park(wanted);
    if (wasPlaying && turn === this.#turn) await this.#run(turn);
  }

  step(frames) {
    if (!this.#isPlaying) return this.seek(this.frame + frames);
    const from = this.frame;
    return this.pause().then(() => this.seek(from + frames));
  }

  stop() {
    this.#begin();
    this.#isPlaying = false;
    for (const track of this.#tracks) track.video.pause();
  }

  get #leader() {
    const running = this.#tracks.filter((track) => track.runsAt(track.now) && !track.video.paused && !track.video.seeking);
    return running.find((track) => track.slot === this.#heard && track.hasSound) ?? running.sort((a, b) => b.end - a.end)[0];
  }

  #begin() {
    this.#set(this.now);
    this.#isRunning = false;
    this.#setWaiting(false);
    this.#turn += 1;
    return this.#turn;
  }

  #set(time) {
    this.#time = time;
    this.#timeWas = performance.now();
  }

  // Fast scrubbing asks for more pictures than can be found: the latest wins, the ones between are left out.
  async #park(frame) {
    this.#parking = frame;
    if (this.#isParking) return this.#isParking;
    const work = async () => {
      while (this.#parking !== null) {
        const time = middleOf(this.#parking, this.fps);
        this.#parking = null;
        await Promise.all(this.#tracks.map((track) => track.park(time)));
      }
    };
    this.#isParking = work();
    await this.#isParking;
    this.#isParking = null;
  }

  #isParking = null;

  /** Starts all of them at #time, together. */
  async #run(turn) {
    await this.#isParking;
    const from = this.#time;
    this.#setWaiting(true);
    await Promise.all(this.#tracks.map((track) => track.ready(from).then(() => track.whenFed())));
    if (turn !== this.#turn) return;
    await Promise.all(this.#tracks.filter((track) => track.runsAt(from)).map((track) => track.play(this.#speed)));
    if (turn !== this.#turn) return;
    this.#setWaiting(false);
    this.#set(from);
    this.#isRunning = true;
    requestAnimationFrame((now) => this.#tick(turn, now));
  }

  #tick(turn, now) {
    if (turn !== this.#turn) return;
    const time = this.now;
    if (time >= this.length - 0.5 / this.fps) {
      this.#atEnd();
      return;
    }
    const leader = this.#leader;
    if (this.#tracks.some((track) => track.stalls(time, now))) {
      this.#wait(turn);
      return;
    }
    for (const track of this.#tracks) {
      if (track === leader) track.lead(this.#speed);
      else track.follow(time, this.#speed);
    }
    this.#tell("tick");
    requestAnimationFrame((next) => this.#tick(turn, next));
  }

  #atEnd() {
    const turn = this.#begin();
    if (this.loops) {
      this.#set(0);
      this.#tell("loop");
      this.#run(turn);
      return;
    }
    this.#isPlaying = false;
    this.#set(middleOf(this.frames - 1, this.fps));
    this.#tell("change");
    this.#tell("tick");
    this.#park(this.frames - 1);
  }

  // One of them has run dry: all wait, so that none runs ahead.
  #wait(turn) {
    this.#set(this.now);
    this.#isRunning = false;
    for (const track of this.#tracks) track.video.pause();
    this.#run(turn);
  }

  #setWaiting(isWaiting) {
    if (this.#isWaiting === isWaiting) return;
    this.#isWaiting = isWaiting;
    this.#tell("change");
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
