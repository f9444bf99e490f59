/** Several latents at once, in the page: of each channel one request runs and the newest waits. */

/**
 * @typedef {import("./browser.js").Decoded} Decoded
 *
 * @typedef {object} Request
 * @property {Float32Array} zs
 * @property {(decoded: Decoded | null) => void} resolve
 * @property {(error: unknown) => void} reject
 */

export class Strips {
  #decoder;
  /** @type {Map<string, { busy: boolean, next: Request | null }>} */
  #channels = new Map();

  /** @param {{ decode(zs: Float32Array): Promise<Decoded> }} decoder rows give way to the picture */
  constructor(decoder) {
    this.#decoder = decoder;
  }

  /**
   * @param {string} channel
   * @param {Float32Array} zs one after the other
   * @returns {Promise<Decoded | null>} null when a newer request of the channel took its place
   */
  decode(channel, zs) {
    const slot = this.#channels.get(channel) ?? { busy: false, next: null };
    this.#channels.set(channel, slot);
    return new Promise((resolve, reject) => {
      slot.next?.resolve(null);
      slot.next = { zs, resolve, reject };
      if (!slot.busy) this.#work(slot);
    });
  }

  /** @param {{ busy: boolean, next: Request | null }} slot */
  async #work(slot) {
    slot.busy = true;
    while (slot.next) {
      const { zs, resolve, reject } = slot.next;
      slot.next = null;
      await this.#decoder.decode(zs).then(resolve, reject);
    }
    slot.busy = false;
  }
}
