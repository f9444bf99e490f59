/** One stroke on its way: what was drawn goes to Python, whose steps towards it come back. */

/**
 * @typedef {{ tool: string, size: number, strength: number, color: number[] }} Ink
 *
 * @typedef {object} Door
 * @property {(content: object, buffers: ArrayBufferView[]) => void} send
 * @property {(work: () => void) => void} [frame] do it in the next animation frame
 */

/** A message, or the answer to it, may get lost; pages in the background have no frames. */
const PATIENCE_MS = 400;

export class Follow {
  /** Whether the latent still follows. */
  alive = true;
  /** How many places Python has answered. */
  known = 0;
  #name = Math.random().toString(36).slice(2);
  #door;
  #ink;
  #z;
  #gesture;
  /** @type {number[]} */
  #places = [];
  #last = false;
  #seen = 0;
  #due = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Door} door
   * @param {Ink} ink
   * @param {Float32Array} z where the stroke begins
   * @param {string} gesture under which it undoes as one step
   */
  constructor(door, ink, z, gesture) {
    this.#door = door;
    this.#ink = ink;
    this.#z = z;
    this.#gesture = gesture;
  }

  /** @param {number[]} places of the stroke so far */
  draw(places) {
    this.#places = places;
    this.#soon();
  }

  /** The brush is lifted. */
  end() {
    this.#last = true;
    this.#soon();
  }

  /** All is to be as before the stroke. */
  cancel() {
    if (this.alive) this.#send(true);
    this.stop();
  }

  /** Somebody else goes on. */
  stop() {
    this.alive = false;
    clearTimeout(this.#timer);
  }

  /**
   * Take what Python says of the paint.
   * @param {Record<string, any>} told
   * @returns {boolean} whether it speaks of this stroke, or of what came after it
   */
  hear({ stroke, step, places, over, error }) {
    if (stroke === this.#name) {
      this.known = places;
      this.#seen = step;
      if (over) this.stop();
      else this.#soon();
      return true;
    }
    // Before the first answer it is of what was there before.
    if (!this.#seen && !error) return false;
    this.stop();
    return true;
  }

  /** Of two messages within one frame the first would be in vain. */
  #soon() {
    if (this.#due || !this.alive) return;
    this.#due = true;
    const go = () => {
      if (this.#due && this.alive) this.#send(false);
    };
    (this.#door.frame ?? requestAnimationFrame)(go);
    this.#wait(go);
  }

  /** @param {boolean} cancelled */
  #send(cancelled) {
    this.#due = false;
    const state = { last: this.#last, seen: this.#seen, cancelled };
    const content = { op: "stroke", stroke: this.#name, gesture: this.#gesture, ...this.#ink };
    // Whoever sends may keep the buffer.
    this.#door.send({ ...content, ...state }, [Float32Array.from(this.#places), this.#z.slice()]);
    this.#wait(() => {
      this.#due = false;
      this.#soon();
    });
  }

  /** @param {() => void} work */
  #wait(work) {
    clearTimeout(this.#timer);
    if (this.alive) this.#timer = setTimeout(work, PATIENCE_MS);
  }
}
