/**
 * Pictures from the kernel: few requests in flight, the newest always wins.
 *
 * A stock Jupyter server holds a small answer back until the previous one is acknowledged; more
 * requests in flight hide that wait.
 */

/**
 * @typedef {object} Picture
 * @property {[number, number, number]} shape height, width, channels
 * @property {Uint8Array} pixels
 *
 * @typedef {object} Reply
 * @property {Record<string, any>} content
 * @property {DataView[]} buffers
 *
 * @typedef {object} Question
 * @property {string} op
 * @property {Record<string, any>} params
 * @property {Float32Array | undefined} z
 * @property {(reply: Reply | null) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {number} seq
 * @property {number} at
 * @property {number} patience milliseconds
 *
 * @typedef {{ z: Float32Array, gesture: string | undefined, moving: boolean }} Place where z is
 *
 * @typedef {object} Door
 * @property {(content: object, buffers: ArrayBufferView[]) => void} send
 * @property {() => number} [now] milliseconds
 * @property {(work: () => void) => void} [frame] do it in the next animation frame
 * @property {() => object | null} [stats] what the page measured, for Python to read
 */

const MOST_IN_FLIGHT = 3;
/** After so long an answer is taken for lost, so that a dead kernel blocks nothing. */
const LOST_AFTER_MS = 4000;
const PATIENCE_MS = 500;
/** No animation frame lasts longer. */
const FRAME_MS = 100;

export class Kernel {
  #door;
  #client;
  #now;
  #seq = 0;
  /** @type {{ seq: number, at: number }[]} */
  #flying = [];
  /** @type {Place | null} */
  #waiting = null;
  /** When one was sent in this animation frame. */
  #paced = Number.NEGATIVE_INFINITY;
  /** @type {Map<string, { flying: Question | null, next: Question | null }>} */
  #channels = new Map();

  /** @param {Door} door @param {string} client names this page among all that share the kernel */
  constructor(door, client) {
    this.#door = door;
    this.#now = door.now ?? (() => performance.now());
    this.#client = client;
  }

  /** Whether a latent was written that the kernel has not answered yet. */
  get busy() {
    return this.#flying.length > 0 || this.#waiting !== null;
  }

  /** The number of the newest message sent. */
  get seq() {
    return this.#seq;
  }

  /** Milliseconds since the oldest unanswered latent was sent; 0 when none is. */
  get silence() {
    return this.#flying.length ? this.#now() - this.#flying[0].at : 0;
  }

  /**
   * Ask for the picture of the newest latent.
   * @param {Float32Array} z
   * @param {string} [gesture]
   * @param {boolean} [moving] the page has the picture itself: only say where z is
   */
  show(z, gesture, moving = false) {
    this.#waiting = { z, gesture, moving };
    this.expire();
  }

  /**
   * Note which of our latents the kernel has heard by now: all up to `seq` are answered.
   * @param {number | undefined} seq
   * @returns {number | null} the round trip of that one in milliseconds, null when it is not ours
   */
  answered(seq) {
    if (seq === undefined) return null;
    const sent = this.#flying.find((one) => one.seq === seq);
    this.#flying = this.#flying.filter((one) => one.seq > seq);
    this.#flush();
    return sent ? this.#now() - sent.at : null;
  }

  /** Say that a large picture arrived: so the kernel learns what the link carries. */
  seen(/** @type {number} */ version) {
    this.#send({ op: "seen", version, at: this.#now() / 1000 });
  }

  /** Give up on answers that got lost, and send what waited for them. */
  expire() {
    this.#flying = this.#flying.filter(({ at }) => this.#now() - at < LOST_AFTER_MS);
    this.#flush();
  }

  /**
   * Wait until the newest latent was answered, or for half a second.
   * @returns {Promise<void>}
   */
  async settled() {
    const start = this.#now();
    while (this.busy && this.#now() - start < PATIENCE_MS) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /**
   * Ask a question; while one of the same channel is unanswered only the newest waits.
   * @param {string} channel
   * @param {string} op
   * @param {Record<string, any>} [params]
   * @param {Float32Array} [z]
   * @param {number} [patience] milliseconds after which the answer is taken for lost
   * @returns {Promise<Reply | null>} null when a newer question of the channel took its place
   */
  ask(channel, op, params = {}, z = undefined, patience = LOST_AFTER_MS) {
    const slot = this.#channels.get(channel) ?? { flying: null, next: null };
    this.#channels.set(channel, slot);
    return new Promise((resolve, reject) => {
      slot.next?.resolve(null);
      slot.next = { op, params, z, resolve, reject, seq: 0, at: 0, patience };
      if (slot.flying && this.#now() - slot.flying.at > slot.flying.patience) {
        slot.flying.resolve(null);
        slot.flying = null;
      }
      this.#next(channel, slot);
    });
  }

  /**
   * Take the answer to a question.
   * @param {Record<string, any>} content
   * @param {DataView[]} buffers
   */
  replied(content, buffers) {
    const slot = this.#channels.get(content.channel);
    const question = slot?.flying;
    if (!slot || !question || content.client !== this.#client || content.seq !== question.seq) {
      return;
    }
    slot.flying = null;
    if (content.error) question.reject(new Error(content.error));
    else question.resolve({ content, buffers });
    this.#next(content.channel, slot);
  }

  #flush() {
    if (!this.#waiting || this.#paces || this.#flying.length >= MOST_IN_FLIGHT) return;
    const { z, gesture, moving } = this.#waiting;
    this.#waiting = null;
    this.#seq += 1;
    this.#flying.push({ seq: this.#seq, at: this.#now() });
    this.#pace();
    const stats = moving ? undefined : this.#door.stats?.();
    this.#send({ op: "z", channel: "z", seq: this.#seq, gesture, moving, stats }, z);
  }

  /** Whether the frame in which one was sent still lasts; pages in the background have none. */
  get #paces() {
    return this.#now() - this.#paced < FRAME_MS;
  }

  /** Of two pictures that come within one frame nobody would see the first. */
  #pace() {
    if (!this.#door.frame) return;
    this.#paced = this.#now();
    this.#door.frame(() => {
      this.#paced = Number.NEGATIVE_INFINITY;
      this.#flush();
    });
  }

  /** @param {string} channel @param {{ flying: Question | null, next: Question | null }} slot */
  #next(channel, slot) {
    if (slot.flying || !slot.next) return;
    const question = slot.next;
    slot.next = null;
    slot.flying = question;
    this.#seq += 1;
    question.seq = this.#seq;
    question.at = this.#now();
    this.#send({ ...question.params, op: question.op, channel, seq: question.seq }, question.z);
  }

  /** @param {Record<string, any>} content @param {Float32Array} [z] */
  #send(content, z) {
    this.#door.send({ ...content, client: this.#client }, z ? [z.slice()] : []);
  }
}
