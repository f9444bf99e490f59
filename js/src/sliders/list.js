/** A scrolling grid of sliders that holds only the rows in view. */
import { make } from "../dom.js";
import { Row } from "./row.js";
import { visible } from "./window.js";

const ROW = 32;
/** At this width two sliders fit side by side. */
const WIDE = 640;

export class List {
  element = make("div", { class: "lw-list" });
  #grid = make("div", { class: "lw-sheet" });
  #describe;
  /** @type {Map<number, Row>} by dimension */
  #rows = new Map();
  /** @type {number[]} */
  #dims = [];
  #read;
  /** @type {Set<number>} */
  #locked = new Set();
  #columns = 1;

  /**
   * @param {(dim: number) => import("./row.js").Dimension} describe
   * @param {(dim: number) => number} read where the latent is
   * @param {AbortSignal} signal
   */
  constructor(describe, read, signal) {
    this.#describe = describe;
    this.#read = read;
    this.element.append(this.#grid);
    this.element.addEventListener("scroll", () => this.#fill(), { signal, passive: true });
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(this.element);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** @param {number[]} dims what to list, in this order */
  list(dims) {
    const same = dims.length === this.#dims.length && dims.every((dim, i) => dim === this.#dims[i]);
    this.#dims = dims;
    if (!same) this.#clear();
  }

  /** The model has changed. @param {(dim: number) => import("./row.js").Dimension} describe */
  describe(describe) {
    this.#describe = describe;
    for (const [dim, row] of this.#rows) row.describe(describe(dim));
  }

  /** The latent has moved. */
  show() {
    for (const [dim, row] of this.#rows) row.show(this.#read(dim));
  }

  /** @param {number[]} dims */
  lock(dims) {
    this.#locked = new Set(dims);
    for (const [dim, row] of this.#rows) row.lock(this.#locked.has(dim));
  }

  /** @param {number} dim its number box was left */
  settle(dim) {
    this.#rows.get(dim)?.settle();
  }

  #measure() {
    const columns = this.element.clientWidth >= WIDE ? 2 : 1;
    if (columns === this.#columns) this.#fill();
    else {
      this.#columns = columns;
      this.#clear();
    }
  }

  #clear() {
    for (const row of this.#rows.values()) row.element.remove();
    this.#rows.clear();
    const lines = Math.ceil(this.#dims.length / this.#columns);
    this.#grid.style.height = `${lines * ROW}px`;
    this.#grid.style.gridTemplateColumns = `repeat(${this.#columns}, minmax(0, 1fr))`;
    this.#fill();
  }

  #fill() {
    const { from, to } = visible({
      top: this.element.scrollTop,
      height: this.element.clientHeight,
      row: ROW,
      columns: this.#columns,
      count: this.#dims.length,
    });
    const wanted = new Set(this.#dims.slice(from, to));
    for (const [dim, row] of this.#rows) {
      // The row in hand stays, however far it was scrolled away.
      if (wanted.has(dim) || row.element.contains(focused(row.element))) continue;
      row.element.remove();
      this.#rows.delete(dim);
    }
    for (let i = to - 1, after = this.#after(to); i >= from; i -= 1) {
      const row = this.#rows.get(this.#dims[i]) ?? this.#add(i, after);
      after = row.element;
    }
  }

  /** @param {number} index @returns {Element | null} the first row there is from here on */
  #after(index) {
    for (let i = index; this.#rows.size && i < this.#dims.length; i += 1) {
      const row = this.#rows.get(this.#dims[i]);
      if (row) return row.element;
    }
    return null;
  }

  /** @param {number} index @param {Element | null} before @returns {Row} */
  #add(index, before) {
    const dim = this.#dims[index];
    const row = new Row(this.#describe(dim));
    row.place(index, this.#columns);
    row.show(this.#read(dim));
    row.lock(this.#locked.has(dim));
    this.#rows.set(dim, row);
    this.#grid.insertBefore(row.element, before);
    return row;
  }
}

/** @param {HTMLElement} element @returns {Element | null} */
function focused(element) {
  return /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement ?? null;
}
