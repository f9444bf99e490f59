/** Lines over the map, of which a part may lie behind something. */

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {ArrayLike<number>} Spot to the right and up on the view; a third number above zero says
 *   that it lies behind something
 */

/** How much is left of what lies behind something. */
export const FAINT = 0.35;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Camera} camera
 * @param {Spot[]} trail
 * @param {number} width page pixels
 * @param {string} ink
 * @param {string} halo the background's colour
 */
export function drawTrail(pen, camera, trail, width, ink, halo) {
  for (const behind of [true, false]) {
    pen.beginPath();
    let last = -1;
    for (let i = 1; i < trail.length; i += 1) {
      if (hidden(trail[i - 1], trail[i]) !== behind) continue;
      if (last !== i - 1) pen.moveTo(...camera.toPage(trail[i - 1][0], trail[i - 1][1]));
      pen.lineTo(...camera.toPage(trail[i][0], trail[i][1]));
      last = i;
    }
    if (last < 0) continue;
    pen.globalAlpha = behind ? FAINT : 1;
    if (!behind) {
      pen.strokeStyle = halo;
      pen.lineWidth = width + 3;
      pen.stroke();
    }
    pen.strokeStyle = ink;
    pen.lineWidth = width;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

/** @param {Spot} a @param {Spot} b */
function hidden(a, b) {
  return a[2] > 0 || b[2] > 0;
}
