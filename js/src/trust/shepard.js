/** The Shepard diagram: how far pairs of rows are apart on the map, and in the latent space. */

/**
 * @typedef {object} Diagram
 * @property {number} bins each way
 * @property {Uint32Array} counts pairs, rows by their distance between latents
 *
 * @typedef {[number, number, number]} Color
 */

/**
 * How strongly each cell is inked: by the logarithm, or the many pairs hide the few.
 * @param {Diagram} diagram
 * @returns {Float32Array} 0 to 1, the farthest latents first, as a picture is painted
 */
export function ink({ bins, counts }) {
  let most = 0;
  for (const count of counts) most = Math.max(most, count);
  const full = Math.log1p(most) || 1;
  const shades = new Float32Array(bins * bins);
  for (let row = 0; row < bins; row += 1) {
    const at = (bins - 1 - row) * bins;
    for (let i = 0; i < bins; i += 1) {
      shades[at + i] = Math.log1p(counts[row * bins + i]) / full;
    }
  }
  return shades;
}

/**
 * @param {HTMLCanvasElement} canvas gets one pixel a cell
 * @param {Diagram} diagram
 * @param {Color} color
 */
export function paintShepard(canvas, diagram, color) {
  const { bins } = diagram;
  canvas.width = bins;
  canvas.height = bins;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(bins, bins);
  ink(diagram).forEach((shade, i) => {
    image.data.set([...color, Math.round(255 * shade)], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

/** Where the rows of cells lie on average: the middle latent distance of each column with pairs.
 * @param {Diagram} diagram
 * @returns {{ x: number, y: number }[]} both 0 to 1, up is far between latents
 */
export function middles({ bins, counts }) {
  const line = [];
  for (let column = 0; column < bins; column += 1) {
    let [all, sum] = [0, 0];
    for (let row = 0; row < bins; row += 1) {
      all += counts[row * bins + column];
      sum += counts[row * bins + column] * (row + 0.5);
    }
    if (all) line.push({ x: (column + 0.5) / bins, y: sum / all / bins });
  }
  return line;
}
