/** The pictures of a row of key frames, decoded anew only where the row shows something else. */

export class Pictures {
  /** @type {import("../space.js").Atlas | null} */
  atlas = null;
  #channel = `board-${Math.random().toString(36).slice(2)}`;
  /** @type {number[][]} what was asked for last */
  #asked = [];

  /**
   * @param {import("../space.js").Space} space
   * @param {number[][]} zs
   * @param {boolean} anew whether the model is another
   * @returns {Promise<boolean>} whether there are new pictures, and nobody has asked since
   */
  async look(space, zs, anew) {
    const same = zs.length === this.#asked.length && zs.every((z, i) => z === this.#asked[i]);
    if (!space.facts.can_decode || !zs.length || (same && !anew)) return false;
    this.#asked = zs;
    const latents = zs.map((z) => Float32Array.from(z));
    const atlas = await space.decode(this.#channel, latents);
    if (!atlas || this.#asked !== zs) return false;
    this.atlas = atlas;
    return true;
  }
}
