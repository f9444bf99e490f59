/** Paint on the map as it is seen: soft dabs, and a line. */
import { css } from "./palette.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 */

/** How strongly the densest paint covers the points. */
const COVER = 0.8;
const STOPS = 6;

/** @type {CanvasRenderingContext2D | null} */
let sheet = null;

/**
 * Draw dabs over one another: adding is what painting over does, taking away what erasing does.
 * @param {CanvasRenderingContext2D} pen in page pixels
 * @param {Camera} camera
 * @param {Theme} theme
 * @param {number[]} dabs x, y, radius, how much
 */
export function draw_dabs(pen, camera, theme, dabs) {
  if (!dabs.length) return;
  sheet ??= document.createElement("canvas").getContext("2d");
  if (!sheet) return;
  const { canvas } = sheet;
  canvas.width = camera.width;
  canvas.height = camera.height;
  for (let i = 0; i < dabs.length; i += 4) {
    const [x, y] = camera.toPage(dabs[i], dabs[i + 1]);
    const radius = dabs[i + 2] * camera.scale;
    const much = dabs[i + 3];
    const soft = sheet.createRadialGradient(x, y, 0, x, y, radius);
    for (let k = 0; k <= STOPS; k += 1) {
      const alpha = Math.abs(much) * softness(k / STOPS);
      const [red, green, blue] = theme.accent;
      soft.addColorStop(k / STOPS, `rgb(${red} ${green} ${blue} / ${alpha})`);
    }
    sheet.globalCompositeOperation = much > 0 ? "source-over" : "destination-out";
    sheet.fillStyle = soft;
    sheet.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }
  pen.save();
  pen.globalAlpha = COVER;
  pen.drawImage(canvas, 0, 0, camera.width, camera.height);
  pen.restore();
}

/** How a dab falls off. @param {number} r 0 in its middle, 1 at its radius */
export function softness(r) {
  return Math.max(0, 1 - r * r) ** 2;
}

/**
 * @param {CanvasRenderingContext2D} pen in page pixels
 * @param {Camera} camera
 * @param {Theme} theme
 * @param {number[]} line x, y
 */
export function draw_line(pen, camera, theme, line) {
  if (line.length < 4) return;
  pen.save();
  pen.lineCap = pen.lineJoin = "round";
  for (const [width, color] of /** @type {const} */ ([
    [5, theme.background],
    [2.5, theme.accent],
  ])) {
    pen.strokeStyle = css(color);
    pen.lineWidth = width;
    pen.beginPath();
    for (let i = 0; i < line.length; i += 2) pen.lineTo(...camera.toPage(line[i], line[i + 1]));
    pen.stroke();
  }
  pen.restore();
}
