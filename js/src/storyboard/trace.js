/** The path of a storyboard on every map, as long as no other path takes its place. */

/** The map draws lines: so many pieces from key to key look round, and so many can follow a hand. */
const PIECES = 24;
const MOST_PIECES = 240;

export class Trace {
  /** @type {import("../space.js").Space | null} */
  #space = null;
  /** @type {Float32Array[] | null} */
  #zs = null;

  /**
   * @param {import("../space.js").Space} space
   * @param {import("../spline.js").KeyPath} path
   * @param {number} ways from key to key
   * @param {number} time
   */
  show(space, path, ways, time) {
    const pieces = ways * Math.max(Math.min(PIECES, Math.floor(MOST_PIECES / ways)), 2);
    this.#space = space;
    this.#zs = Array.from({ length: pieces + 1 }, (_, i) =>
      Float32Array.from(path.at((i / pieces) * path.seconds)),
    );
    space.show_path({ zs: this.#zs, t: time / path.seconds, bare: true });
  }

  /** @param {number} t 0 to 1 */
  mark(t) {
    if (this.#zs && this.#mine) this.#space?.show_path({ zs: this.#zs, t, bare: true });
  }

  hide() {
    if (this.#zs && this.#mine) this.#space?.show_path(null);
    this.#zs = null;
  }

  get #mine() {
    return this.#space?.path?.zs === this.#zs;
  }
}
