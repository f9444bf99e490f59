/** Pictures of latents, decoded once and kept while the latents are. */

/** @typedef {import("../atlas.js").Atlas} Atlas */

export class Pictures {
  #space;
  #channel = `slots-${Math.random().toString(36).slice(2)}`;
  /** @type {WeakMap<number[], Atlas>} by the latent's identity */
  #kept = new WeakMap();

  /** @param {import("../space.js").Space} space @param {AbortSignal} signal */
  constructor(space, signal) {
    this.#space = space;
    space.subscribe("model", () => this.#forget(), signal);
  }

  #forget() {
    this.#kept = new WeakMap();
  }

  /** @param {number[]} z */
  get(z) {
    return this.#kept.get(z) ?? null;
  }

  /**
   * Decode those that are missing.
   * @param {{ z: number[], base?: number[] }[]} terms of a way, where it leads from its base
   * @returns {Promise<boolean>} whether there are new ones
   */
  async decode(terms) {
    const missing = terms.filter(({ z }) => !this.#kept.has(z));
    if (!missing.length || !this.#space.facts.can_decode) return false;
    const { geometry } = this.#space;
    const floats = missing.map(({ z, base }) =>
      Float32Array.from(base ? geometry.exp(base, z) : z),
    );
    const atlas = await this.#space.decode(this.#channel, floats);
    if (!atlas) return false;
    const [, height, width, channels] = atlas.shape;
    const size = height * width * channels;
    missing.forEach(({ z }, i) => {
      const pixels = atlas.pixels.subarray(i * size, (i + 1) * size);
      const { honesty } = atlas;
      this.#kept.set(z, { shape: [1, height, width, channels], pixels, zs: [floats[i]], honesty });
    });
    return true;
  }
}
