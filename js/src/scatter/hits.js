/**
 * Which points are under the pointer, in a box or inside a lasso.
 *
 * Plain loops: 100,000 points take a fraction of a millisecond, and need no index to be built,
 * kept and thrown away.
 */

/** @typedef {(row: number) => boolean} Accept */

/**
 * The nearest point within reach.
 * @param {Float32Array} xy
 * @param {[number, number]} place
 * @param {number} reach in units of the map
 * @param {Accept} accept
 * @returns {number} its row, or -1
 */
export function nearest(xy, [x, y], reach, accept) {
  let best = reach * reach;
  let found = -1;
  for (let i = 0; i < xy.length; i += 2) {
    const dx = xy[i] - x;
    const dy = xy[i + 1] - y;
    const distance = dx * dx + dy * dy;
    if (distance > best || !accept(i / 2)) continue;
    best = distance;
    found = i / 2;
  }
  return found;
}

/**
 * The points inside a closed line, by the even-odd rule.
 * @param {Float32Array} xy
 * @param {[number, number][]} line corners on the map; the last one joins the first
 * @param {Accept} accept
 * @returns {number[]} rows
 */
export function inside(xy, line, accept) {
  const left = Math.min(...line.map(([x]) => x));
  const right = Math.max(...line.map(([x]) => x));
  const low = Math.min(...line.map(([, y]) => y));
  const high = Math.max(...line.map(([, y]) => y));
  const corners = Float64Array.from(line.flat());
  const rows = [];
  for (let i = 0; i < xy.length; i += 2) {
    const x = xy[i];
    const y = xy[i + 1];
    if (x < left || x > right || y < low || y > high) continue;
    if (evenOdd(x, y, corners) && accept(i / 2)) rows.push(i / 2);
  }
  return rows;
}

/** @param {number} x @param {number} y @param {Float64Array} corners x and y of each */
function evenOdd(x, y, corners) {
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
