/** The outline of a histogram, as an SVG path in a box of 100 by 100. */

/**
 * @param {ArrayLike<number>} counts one per bin; the highest reaches the top
 * @returns {string} "" when nothing was counted
 */
export function outline(counts) {
  const top = Math.max(...Array.from(counts));
  if (!(top > 0)) return "";
  const width = 100 / counts.length;
  let path = "M0 100";
  for (let i = 0; i < counts.length; i += 1) {
    const left = i ? counts[i - 1] : 0;
    const right = i + 1 < counts.length ? counts[i + 1] : 0;
    // A light blur: bins are counting noise, the shape is what matters.
    const height = (left + 2 * counts[i] + right) / 4;
    path += `L${round((i + 0.5) * width)} ${round(100 - (100 * height) / top)}`;
  }
  return `${path}L100 100Z`;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
