/** Which way the axes of a turned map point, in a corner of it. */
import { css, mix } from "./palette.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {import("./under.js").Drawer} Drawer
 */

/** Page pixels: the length of an axis, and how far its foot is from the edges. */
const LONG = 26;
const AWAY = 46;
/** Okabe and Ito's vermillion, bluish green and blue: told apart by nearly everyone. */
const INKS = /** @type {import("./palette.js").Color[]} */ ([
  [213, 94, 0],
  [0, 158, 115],
  [0, 114, 178],
]);

/** @implements {Drawer} */
export class Gizmo {
  /** @type {ArrayLike<number> | null} right, up and towards the eye, as rows; null without axes */
  axes = null;
  /** @type {string[]} one an axis */
  names = [];

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  draw(pen, camera, theme) {
    const { axes, names } = this;
    if (!axes) return;
    const [x, y] = [AWAY, camera.height - AWAY - 20];
    // The farthest first, so that the nearest lies on top.
    const order = [0, 1, 2].sort((a, b) => axes[6 + a] - axes[6 + b]);
    pen.font = "600 11px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineCap = "round";
    for (const axis of order) {
      const [right, up, near] = [axes[axis], axes[3 + axis], axes[6 + axis]];
      const own = theme.dark ? mix(INKS[axis], [255, 255, 255], 0.25) : INKS[axis];
      const ink = css(mix(theme.background, own, 0.7 + 0.3 * near));
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + LONG * right, y - LONG * up);
      pen.strokeStyle = css(theme.background);
      pen.lineWidth = 5;
      pen.stroke();
      pen.strokeStyle = ink;
      pen.lineWidth = 2 + 0.6 * near;
      pen.stroke();
      // An axis that points at the eye has its name beside its foot.
      const away = Math.max(Math.hypot(right, up), 0.35);
      const beside = Math.hypot(right, up) > 0.05 ? 1 / Math.hypot(right, up) : 0;
      const reach = (LONG + 11) * away;
      const name = names[axis] ?? "";
      const [dx, dy] = beside ? [right * beside * reach, up * beside * reach] : [0, reach];
      // A long name leans away from the foot, and never over the edge.
      const half = pen.measureText(name).width / 2;
      const lean = (half - 4) * Math.max(Math.min(dx / LONG, 1), -1);
      const [tx, ty] = [Math.max(x + dx + lean, half + 8), y - dy];
      pen.lineWidth = 4;
      pen.strokeStyle = css(theme.background);
      pen.strokeText(name, tx, ty);
      pen.fillStyle = ink;
      pen.fillText(name, tx, ty);
    }
  }
}
