/** How live it is: times of the last pictures, their rate in the last drag, and what was skipped. */

/**
 * @typedef {object} Stats
 * @property {"browser" | "kernel"} engine where the last picture came from
 * @property {number} model_ms the decode alone; times are medians of the last pictures
 * @property {number} encode_ms from tensor to bytes
 * @property {number | null} wire_ms the rest of the way; null when nothing was asked for here
 * @property {number} paint_ms
 * @property {number | null} round_trip_ms from the hand to the pixels
 * @property {number} pictures_per_second in the last drag
 * @property {number} dropped latents of the last drag that a newer one overtook
 */

/** A pause of so long ends a drag. */
const PAUSE_MS = 400;
const LAST = 60;

export class Meter {
  #now;
  #started = 0;
  #wrote = Number.NEGATIVE_INFINITY;
  #writes = 0;
  #pictures = 0;
  #ended = 0;
  /** @type {import("./feed.js").Frame[]} */
  #frames = [];
  /** @type {number[]} */
  #paints = [];

  /** @param {() => number} [now] milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** A latent was written by hand. */
  wrote() {
    const now = this.#now();
    if (now - this.#wrote > PAUSE_MS) {
      this.#started = now;
      this.#writes = 0;
      this.#pictures = 0;
      this.#ended = now;
    }
    this.#wrote = now;
    this.#writes += 1;
  }

  /** @param {import("./feed.js").Frame} frame */
  shown(frame) {
    const now = this.#now();
    if (now - this.#wrote <= PAUSE_MS) {
      this.#pictures += 1;
      this.#ended = now;
    }
    this.#frames.push(frame);
    if (this.#frames.length > LAST) this.#frames.shift();
  }

  /** @param {number} ms */
  painted(ms) {
    this.#paints.push(ms);
    if (this.#paints.length > LAST) this.#paints.shift();
  }

  /** @returns {Stats | null} null before the first picture */
  read() {
    const last = this.#frames.at(-1);
    if (!last) return null;
    // Times of two places do not mix.
    const frames = this.#frames.filter(({ place }) => place === last.place);
    const trips = frames.map((frame) => frame.round_trip).filter((trip) => trip !== null);
    const model_ms = median(frames.map(({ ms }) => ms));
    const encode_ms = median(frames.map((frame) => frame.encode_ms));
    const trip = trips.length ? median(/** @type {number[]} */ (trips)) : null;
    const seconds = (this.#ended - this.#started) / 1000;
    return {
      engine: last.place,
      model_ms,
      encode_ms,
      wire_ms: trip === null ? null : Math.max(0, trip - model_ms - encode_ms),
      paint_ms: this.#paints.length ? median(this.#paints) : 0,
      round_trip_ms: trip,
      pictures_per_second: seconds > 0.2 ? this.#pictures / seconds : 0,
      dropped: Math.max(0, this.#writes - this.#pictures),
    };
  }
}

/** @param {number[]} values @returns {number} */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
