/** The path of a storyboard on every map, as long as no other path takes its place. */

/** The map draws lines; so many pieces from key to key look round. */
const PIECES = 24;

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
    const pieces = PIECES * ways;
    this.#space = space;
    this.#zs = Array.from({ length: pieces + 1 }, (_, i) =>
      Float32Array.from(path.at((i / pieces) * path.seconds)),
    );
    space.show_path({ zs: this.#zs, t: time / path.seconds });
  }

  /** @param {number} t 0 to 1 */
  mark(t) {
    if (this.#zs && this.#mine) this.#space?.show_path({ zs: this.#zs, t });
  }

  hide() {
    if (this.#zs && this.#mine) this.#space?.show_path(null);
    this.#zs = null;
  }

  get #mine() {
    return this.#space?.path?.zs === this.#zs;
  }
}
