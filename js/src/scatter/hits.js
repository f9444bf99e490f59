/** Which points are under the pointer, in a box or inside a lasso: exactly, of all of them. */
import { CELLS } from "./cloud.js";

/**
 * @typedef {import("./cloud.js").Cloud} Cloud
 * @typedef {(row: number) => boolean} Accept
 */

/**
 * The nearest point within reach; of several the one with the largest row.
 * @param {Cloud} cloud
 * @param {[number, number]} place
 * @param {number} reach in units of the map
 * @param {Accept} accept
 * @returns {number} its row, or -1
 */
export function nearest(cloud, [x, y], reach, accept) {
  const { xy, order } = cloud;
  const [left, right] = [cloud.column(x - reach), cloud.column(x + reach)];
  const [low, high] = [cloud.line(y - reach), cloud.line(y + reach)];
  let best = reach * reach;
  let found = -1;
  for (let block = 0; block < cloud.blocks; block += 1) {
    cloud.prepare(block);
    for (let line = low; line <= high; line += 1) {
      const [from, to] = cloud.span(block, line, left, right);
      for (let i = from; i < to; i += 1) {
        const dx = xy[2 * i] - x;
        const dy = xy[2 * i + 1] - y;
        const distance = dx * dx + dy * dy;
        if (distance > best || (distance === best && order[i] < found)) continue;
        if (!accept(order[i])) continue;
        best = distance;
        found = order[i];
      }
    }
  }
  return found;
}

/**
 * The points inside a closed line, by the even-odd rule.
 * @param {Cloud} cloud
 * @param {[number, number][]} outline corners on the map; the last one joins the first
 * @param {Accept} accept
 * @param {ArrayLike<number>} [also] rows to add
 * @returns {Int32Array} rows, the smallest first
 */
export function inside(cloud, outline, accept, also = []) {
  const { xy, order } = cloud;
  const chosen = new Uint8Array(order.length);
  for (let i = 0; i < also.length; i += 1) chosen[also[i]] = 1;
  const corners = Float64Array.from(outline.flat());
  const [left, right] = reach(outline, 0, (x) => cloud.column(x));
  const [low, high] = reach(outline, 1, (y) => cloud.line(y));
  const crossed = outline.length ? crossings(cloud, outline) : EVERY;
  for (let line = low; line <= high; line += 1) {
    for (let column = left; column <= right; column += 1) {
      const test = crossed[line * CELLS + column];
      // Where the outline does not pass, all points of a cell are on the same side of it.
      if (!test && !evenOdd(...cloud.middle(column, line), corners)) continue;
      for (let block = 0; block < cloud.blocks; block += 1) {
        cloud.prepare(block);
        const [from, to] = cloud.span(block, line, column, column);
        for (let i = from; i < to; i += 1) {
          if (test && !evenOdd(xy[2 * i], xy[2 * i + 1], corners)) continue;
          if (accept(order[i])) chosen[order[i]] = 1;
        }
      }
    }
  }
  return listed(chosen);
}

const EVERY = new Uint8Array(CELLS * CELLS).fill(1);

/**
 * @param {[number, number][]} outline
 * @param {0 | 1} axis
 * @param {(value: number) => number} cell
 */
function reach(outline, axis, cell) {
  const values = outline.map((corner) => corner[axis]);
  return values.length ? [cell(Math.min(...values)), cell(Math.max(...values))] : [0, -1];
}

/**
 * The cells through which an outline may pass, and those at the rim, which know no end outwards.
 * @param {Cloud} cloud
 * @param {[number, number][]} outline
 */
function crossings(cloud, outline) {
  const crossed = new Uint8Array(CELLS * CELLS);
  const last = CELLS - 1;
  for (let i = 0; i < CELLS; i += 1) {
    for (const at of [i, last * CELLS + i, i * CELLS, i * CELLS + last]) crossed[at] = 1;
  }
  outline.forEach(([bx, by], i) => {
    const [ax, ay] = outline[(i || outline.length) - 1];
    const [low, high] = [
      Math.max(cloud.line(Math.min(ay, by)) - 1, 0),
      cloud.line(Math.max(ay, by)),
    ];
    for (let line = low; line <= Math.min(high + 1, last); line += 1) {
      // Its x amid the lines above and below: one cell more than needed outweighs all rounding.
      const ends = [line - 1, line + 1].map((at) => {
        const share = (cloud.middle(0, at)[1] - ay) / (by - ay || 1);
        return cloud.column(ax + Math.min(Math.max(share, 0), 1) * (bx - ax));
      });
      const flat = cloud.line(ay) === cloud.line(by);
      const [from, to] = flat ? [cloud.column(ax), cloud.column(bx)] : ends;
      const first = Math.max(Math.min(from, to) - 1, 0);
      crossed.fill(
        1,
        line * CELLS + first,
        line * CELLS + Math.min(Math.max(from, to) + 1, last) + 1,
      );
    }
  });
  return crossed;
}

/** @param {Uint8Array} chosen 1 where a row is */
function listed(chosen) {
  let count = 0;
  for (let row = 0; row < chosen.length; row += 1) count += chosen[row];
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; at < count; row += 1) if (chosen[row]) rows[at++] = row;
  return rows;
}

/** @param {number} x @param {number} y @param {Float64Array} corners x and y of each */
export function evenOdd(x, y, corners) {
  let odd = false;
  let bx = corners[corners.length - 2];
  let by = corners[corners.length - 1];
  for (let i = 0; i < corners.length; i += 2) {
    const ax = corners[i];
    const ay = corners[i + 1];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    bx = ax;
    by = ay;
  }
  return odd;
}
