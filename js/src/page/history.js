/** The undo stack of one latent, the twin of latent_widgets/history.py. */

const LIMIT = 100;

export class History {
  /** @type {{ z: Float32Array, gesture: string | undefined }[]} */
  #steps;
  #at = 0;

  /** @param {Float32Array} start */
  constructor(start) {
    this.#steps = [{ z: start, gesture: undefined }];
  }

  /**
   * Remember a latent; within one named gesture the newest replaces the one before.
   * @param {Float32Array} z
   * @param {string} [gesture]
   */
  record(z, gesture) {
    if (same(this.#steps[this.#at].z, z)) return;
    this.#steps.length = this.#at + 1;
    if (gesture !== undefined && gesture === this.#steps[this.#at].gesture) this.#steps.pop();
    const before = this.#steps.at(-1);
    // A drag back to where it began leaves nothing to undo.
    if (!before || !same(before.z, z)) this.#steps.push({ z, gesture });
    if (this.#steps.length > LIMIT + 1) this.#steps.shift();
    this.#at = this.#steps.length - 1;
  }

  /** @returns {Float32Array | null} null at the beginning */
  undo() {
    return this.#step(-1);
  }

  /** @returns {Float32Array | null} null at the end */
  redo() {
    return this.#step(1);
  }

  /** @param {number} by */
  #step(by) {
    const step = this.#steps[this.#at + by];
    if (!step) return null;
    this.#at += by;
    return step.z;
  }
}

/** @param {Float32Array} a @param {Float32Array} b */
function same(a, b) {
  return a.every((value, i) => value === b[i]);
}
