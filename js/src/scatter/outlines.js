/** Outlines of regions, below the points: a wash for each contour, and its line. */
import { css, mix } from "./palette.js";
import { contoursAt } from "./regions.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {import("./palette.js").Color} Color
 * @typedef {import("./regions.js").Region} Region
 */

export class Outlines {
  /** @type {WeakMap<object, Path2D>} of each contour, in units of the map: made once */
  #paths = new WeakMap();

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Camera} camera
   * @param {Theme} theme
   * @param {[Region, { line: number }][]} regions and how strongly each shows
   * @param {(region: Region) => Color | null} color null where it has none of its own
   */
  draw(pen, camera, theme, regions, color) {
    const { scale } = camera;
    const [x, y] = camera.toPage(0, 0);
    pen.save();
    pen.transform(scale, 0, 0, -scale, x, y);
    pen.lineJoin = "round";
    for (const [region, { line }] of regions) {
      const ink = color(region) ?? mix(theme.text, theme.background, 0.3);
      const widest = region.contours[0]?.level;
      for (const contour of contoursAt(region, scale)) {
        const path = this.#path(contour);
        const edge = contour.level === widest;
        pen.fillStyle = css(ink);
        pen.globalAlpha = line * (theme.dark ? 0.1 : 0.075);
        pen.fill(path, "evenodd");
        pen.strokeStyle = css(edge ? mix(ink, theme.text, 0.15) : ink);
        pen.globalAlpha = line * (edge ? 0.8 : 0.35);
        pen.lineWidth = (edge ? 1.4 : 0.8) / scale;
        pen.stroke(path);
      }
    }
    pen.restore();
  }

  /** @param {import("./regions.js").Contour} contour */
  #path(contour) {
    let path = this.#paths.get(contour);
    if (!path) {
      path = new Path2D();
      for (const ring of contour.rings) {
        path.moveTo(ring[0], ring[1]);
        for (let i = 2; i < ring.length - 2; i += 2) path.lineTo(ring[i], ring[i + 1]);
        path.closePath();
      }
      this.#paths.set(contour, path);
    }
    return path;
  }
}
