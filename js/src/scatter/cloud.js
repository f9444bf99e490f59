/**
 * The points in the order in which they are drawn.
 *
 * They lie in blocks. Each block is a fair sample of all points, so that the first few blocks look
 * like the whole; within a block neighbours lie side by side, so that drawing stays in the
 * processor's cache, what is out of view is skipped, and the hand finds points without looking at
 * all of them. Blocks are made when somebody asks for them: a million points need no long pause.
 */

/**
 * @typedef {import("./camera.js").Box} Box
 *
 * @callback Ink which colour index each row has now
 * @param {Uint32Array} rows
 * @param {Uint8Array} color of these rows, to be filled in
 * @returns {void}
 */

/** Points of a block. */
export const BLOCK = 16_384;
/** Cells of a block across and up. */
export const CELLS = 32;
const STRIDE = CELLS * CELLS + 1;

export class Cloud {
  /** Rows in the order of drawing. */
  order;
  /** x and y of one point after the other. */
  xy;
  /** Of each point, an index into `colors`. */
  color;
  /** @type {number[][]} red, green, blue, 0 to 255 */
  colors = [];
  /** Whether some points are grey and lie below the others. */
  layered = false;
  /** Grows when points move. */
  placing = 1;
  /** Grows when colours change. */
  inking = 1;
  #places;
  #box;
  /** @type {Ink} */
  #ink = (_, color) => color.fill(0);
  #starts;
  #blocks;

  /** @param {Float32Array} places x and y of row after row @param {Box} box around the points */
  constructor(places, box) {
    const count = places.length / 2;
    this.order = new Uint32Array(count);
    this.xy = new Float32Array(2 * count);
    this.color = new Uint8Array(count);
    const blocks = Math.ceil(count / BLOCK);
    this.#starts = new Uint32Array(blocks * STRIDE);
    this.#blocks = Array.from({ length: blocks }, () => ({ placed: 0, inked: 0 }));
    this.#places = places;
    this.#box = box;
  }

  get blocks() {
    return this.#blocks.length;
  }

  /** @param {number} block @returns {[number, number]} its first point and that after its last */
  range(block) {
    return [block * BLOCK, Math.min((block + 1) * BLOCK, this.color.length)];
  }

  /** Points have moved. @param {Float32Array} places as many as before @param {Box} box */
  move(places, box) {
    this.#places = places;
    this.#box = box;
    this.placing += 1;
  }

  /** Colours have changed. @param {Ink} ink @param {number[][]} colors @param {boolean} layered */
  paint(ink, colors, layered) {
    this.#ink = ink;
    this.colors = colors;
    this.layered = layered;
    this.inking += 1;
  }

  /** Bring one block up to date. @param {number} block */
  prepare(block) {
    const state = this.#blocks[block];
    const [from, to] = this.range(block);
    if (state.placed !== this.placing) {
      // Anew each time: which point lies on another must not depend on where they were before.
      spread(this.order.subarray(from, to), from, this.order.length);
      this.#sort(block, from, to);
      state.placed = this.placing;
      state.inked = 0;
    }
    if (state.inked !== this.inking) {
      this.#ink(this.order.subarray(from, to), this.color.subarray(from, to));
      state.inked = this.inking;
    }
  }

  /** Everything up to date. */
  settle() {
    for (let block = 0; block < this.blocks; block += 1) this.prepare(block);
  }

  /** @param {number} x @returns {number} the column of cells it is in */
  column(x) {
    return cell(x, this.#box.low[0], this.#box.high[0]);
  }

  /** @param {number} y @returns {number} the line of cells it is in */
  line(y) {
    return cell(y, this.#box.low[1], this.#box.high[1]);
  }

  /** The place amid a cell. @param {number} column @param {number} line @returns {[number, number]} */
  middle(column, line) {
    const { low, high } = this.#box;
    return [
      low[0] + ((column + 0.5) * (high[0] - low[0])) / CELLS,
      low[1] + ((line + 0.5) * (high[1] - low[1])) / CELLS,
    ];
  }

  /**
   * The points in some cells of one line.
   * @param {number} block
   * @param {number} line
   * @param {number} first column
   * @param {number} last column
   * @returns {[number, number]} the first point and that after the last
   */
  span(block, line, first, last) {
    const at = block * STRIDE + line * CELLS;
    return [this.#starts[at + first], this.#starts[at + last + 1]];
  }

  /** @param {number} block @param {number} from @param {number} to */
  #sort(block, from, to) {
    const { order, xy } = this;
    const places = this.#places;
    const starts = this.#starts.subarray(block * STRIDE, (block + 1) * STRIDE).fill(0);
    const rows = order.slice(from, to);
    const cells = new Uint16Array(rows.length);
    for (let i = 0; i < rows.length; i += 1) {
      const row = 2 * rows[i];
      const at = this.line(places[row + 1]) * CELLS + this.column(places[row]);
      cells[i] = at;
      starts[at + 1] += 1;
    }
    starts[0] = from;
    for (let at = 1; at < STRIDE; at += 1) starts[at] += starts[at - 1];
    const next = starts.slice();
    for (let i = 0; i < rows.length; i += 1) {
      const at = next[cells[i]]++;
      order[at] = rows[i];
      xy[2 * at] = places[2 * rows[i]];
      xy[2 * at + 1] = places[2 * rows[i] + 1];
    }
  }
}

/** @param {number} value @param {number} low @param {number} high never falls as `value` grows */
function cell(value, low, high) {
  const at = Math.floor(((value - low) / (high - low)) * CELLS);
  return at > 0 ? Math.min(at, CELLS - 1) : 0;
}

/**
 * Rows in an order that favours no class and is the same each time.
 * @param {Uint32Array} rows to be filled in
 * @param {number} from how many come before them
 * @param {number} n of all
 */
export function spread(rows, from, n) {
  const step = stepOf(n) % n;
  // A whole number to the compiler too, which is three times as quick.
  let row = ((from * step) % n) | 0;
  for (let i = 0; i < rows.length; i += 1) {
    rows[i] = row;
    row += step;
    if (row >= n) row -= n;
  }
}

/** @param {number} n @returns {number} about the golden section of n, that visits every row once */
function stepOf(n) {
  let step = Math.max(1, Math.round(n * 0.618034));
  while (divisor(step, n) !== 1) step += 1;
  return step;
}

/** @param {number} a @param {number} b @returns {number} the greatest that divides both */
function divisor(a, b) {
  return b === 0 ? a : divisor(b, a % b);
}
