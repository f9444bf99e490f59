/** Tiles in lines: one stop for Tab, arrow keys from one to the next, and which one is meant. */

/**
 * Where a key leads among tiles in lines.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @param {number} across
 * @returns {number | null} null for a key that leads nowhere
 */
export function step(key, at, count, across) {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[key];
  const ends = { Home: 0, End: count - 1 }[key];
  const next = ends ?? (by === undefined ? null : at + by);
  return next === null || next < 0 || next >= count || next === at ? null : next;
}

/** How many stand in the first line. @param {HTMLElement[]} tiles */
export function across(tiles) {
  const below = tiles.findIndex((tile) => tile.offsetTop > tiles[0].offsetTop);
  return below < 0 ? tiles.length : below;
}

export class Roving {
  #list;
  #point;
  #signal;
  /** Where Tab enters. */
  #at = 0;

  /**
   * @param {HTMLElement} list of the tiles
   * @param {(index: number | null) => void} point the hand is at a tile, or at none
   * @param {AbortSignal} signal
   */
  constructor(list, point, signal) {
    this.#list = list;
    this.#point = point;
    this.#signal = signal;
    list.addEventListener("keydown", (event) => this.#walk(event), { signal });
    for (const name of ["pointerleave", "focusout"]) {
      list.addEventListener(name, () => point(null), { signal });
    }
  }

  get tiles() {
    return /** @type {HTMLButtonElement[]} */ ([...this.#list.children]);
  }

  /**
   * Have as many tiles as that.
   * @param {number} count
   * @param {() => HTMLButtonElement} make
   * @param {(index: number) => void} go a tile was clicked
   */
  fit(count, make, go) {
    const { children } = this.#list;
    while (children.length < count) this.#list.append(this.#join(make(), children.length, go));
    while (children.length > count) this.#list.lastElementChild?.remove();
    this.#enter(Math.min(this.#at, Math.max(count - 1, 0)), false);
  }

  /** @param {HTMLButtonElement} tile @param {number} i @param {(index: number) => void} go */
  #join(tile, i, go) {
    const at = { signal: this.#signal };
    const focused = () => {
      this.#enter(i, false);
      if (tile.matches(":focus-visible")) this.#point(i);
    };
    tile.tabIndex = -1;
    tile.addEventListener("click", () => go(i), at);
    tile.addEventListener("pointerenter", () => this.#point(i), at);
    tile.addEventListener("focus", focused, at);
    return tile;
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const { tiles } = this;
    const next = step(event.key, this.#at, tiles.length, across(tiles));
    if (next === null) return;
    event.preventDefault();
    this.#enter(next, true);
  }

  /** @param {number} i @param {boolean} focus */
  #enter(i, focus) {
    const { tiles } = this;
    tiles[this.#at]?.setAttribute("tabindex", "-1");
    this.#at = i;
    tiles[i]?.setAttribute("tabindex", "0");
    if (focus) tiles[i]?.focus();
  }
}
