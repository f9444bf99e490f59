/** From a picture of any size to one that is like the data: cut, scaled, grey, inverted. */

/**
 * @typedef {import("../neighbours/brought.js").Brought} Source RGBA, rows first
 * @typedef {{ x: number, y: number, width: number, height: number }} Box in pixels of a source
 *
 * @typedef {object} Like
 * @property {number[]} shape height, width, channels
 * @property {number[]} edge what lies around the things the data show, by channel, 0 to 1
 * @property {boolean} invert
 */

/** Of light, by the eye; as Pillow makes colours grey. */
const LUMA = [0.299, 0.587, 0.114];
/** So much nearer to the data must the negative be before it is suggested. */
const CLEARLY = 0.1;

/**
 * Cut a box out of a picture and scale it: each pixel becomes the mean of those it covers. What
 * lies outside of the picture is `edge`.
 * @param {Source} source
 * @param {Box} box
 * @param {Like} like
 * @returns {Uint8Array<ArrayBuffer>} rows first, of `like.shape`
 */
export function cut(source, box, { shape: [height, width, channels], edge, invert }) {
  const across = overlaps(box.x, box.width, width, source.width);
  const down = overlaps(box.y, box.height, height, source.height);
  const area = (box.width / width) * (box.height / height);
  const found = new Uint8Array(width * height * channels);
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += channels) {
      const color = [0, 0, 0];
      let covered = 0;
      for (const [y, tall] of down[row]) {
        for (const [x, wide] of across[column]) {
          const from = 4 * (y * source.width + x);
          covered += tall * wide;
          for (let c = 0; c < 3; c += 1) color[c] += tall * wide * source.pixels[from + c];
        }
      }
      const outside = 1 - covered / area;
      const levels = channels === 1 ? [LUMA.reduce((sum, w, c) => sum + w * color[c], 0)] : color;
      for (let c = 0; c < channels; c += 1) {
        // An opaque fourth channel.
        const level = c === 3 ? 255 * covered : levels[c];
        const inside = (invert && c < 3 ? 255 * covered - level : level) / area;
        found[at + c] = Math.round(inside + 255 * edge[c] * outside);
      }
    }
  }
  return found;
}

/**
 * @param {number} start of the box @param {number} length of the box
 * @param {number} count of pixels it becomes @param {number} end of the source
 * @returns {[number, number][][]} for each of them: which of the source, and how much of it
 */
function overlaps(start, length, count, end) {
  return Array.from({ length: count }, (_, i) => {
    const from = Math.max(start + (i * length) / count, 0);
    const to = Math.min(start + ((i + 1) * length) / count, end);
    /** @type {[number, number][]} */
    const parts = [];
    for (let at = Math.floor(from); at < to; at += 1) {
      const share = Math.min(at + 1, to) - Math.max(at, from);
      if (share > 0) parts.push([at, share]);
    }
    return parts;
  });
}

/** @param {Uint8Array} pixels @param {number} channels @returns {number} mean, 0 to 1 */
export function brightness(pixels, channels) {
  let [sum, count] = [0, 0];
  for (let i = 0; i < pixels.length; i += 1) {
    if (channels === 4 && i % 4 === 3) continue;
    sum += pixels[i];
    count += 1;
  }
  return sum / count / 255;
}

/** Whether the negative would be nearer to the data. @param {number} own @param {number | null} data */
export function looksInverted(own, data) {
  return data !== null && Math.abs(1 - own - data) + CLEARLY < Math.abs(own - data);
}

/**
 * The square around what was drawn that makes it as large as the data are, with its centre of
 * mass in the middle, as the digits of MNIST were made (LeCun et al. 1998).
 * @param {Source} source
 * @param {number[]} paper colour that is nothing, 0 to 255
 * @param {number} extent share of the side that it should take
 * @returns {Box | null} null when nothing is drawn
 */
export function around(source, paper, extent) {
  const { width, height, pixels } = source;
  let [mass, x, y, left, right, top, bottom] = [0, 0, 0, width, -1, height, -1];
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += 4) {
      let ink = 0;
      for (let c = 0; c < 3; c += 1) ink = Math.max(ink, Math.abs(pixels[at + c] - paper[c]));
      if (ink < 8) continue;
      mass += ink;
      x += ink * (column + 0.5);
      y += ink * (row + 0.5);
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = row;
    }
  }
  if (!mass) return null;
  const side = Math.max(right - left, bottom - top) + 1;
  // A first dot must not fill the picture.
  const length = Math.min(Math.max(side / extent, width * 0.6), width * 1.6);
  return { x: x / mass - length / 2, y: y / mass - length / 2, width: length, height: length };
}
