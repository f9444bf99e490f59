/** Brings pictures to the kernel at the pace of a hand: one is under way, the newest one waits. */

/** A kernel that answers no more must not keep later pictures from being sent. */
const PATIENCE_MS = 5000;

/**
 * @template T
 */
export class Sender {
  #send;
  #now;
  /** @type {T | null} */
  #waiting = null;
  #since = Number.NEGATIVE_INFINITY;

  /** @param {(picture: T) => Promise<unknown>} send @param {() => number} [now] milliseconds */
  constructor(send, now = () => performance.now()) {
    this.#send = send;
    this.#now = now;
  }

  /** @param {T} picture sent now, or after the one under way unless a newer one comes */
  async bring(picture) {
    this.#waiting = picture;
    if (this.#now() - this.#since < PATIENCE_MS) return;
    while (this.#waiting) {
      const since = this.#now();
      this.#since = since;
      const next = this.#waiting;
      this.#waiting = null;
      await this.#send(next);
      // Another took over when this one was given up.
      if (this.#since !== since) return;
      this.#since = Number.NEGATIVE_INFINITY;
    }
  }

  /** What waits is wanted no more. */
  drop() {
    this.#waiting = null;
  }
}
