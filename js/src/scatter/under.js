/** The picture below the points: whatever the map's features draw there. */

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 *
 * @typedef {object} Drawer
 * @property {(pen: CanvasRenderingContext2D, camera: Camera, theme: Theme, moving: boolean) => void} draw
 *   in page pixels
 * @property {boolean} [idle] whether it has nothing to draw: a picture of nothing costs a frame's
 *   fourth part
 * @property {boolean} [plane] whether it draws what lies on a plane, and nothing elsewhere
 */
import { css } from "./palette.js";

/** @param {Drawer["draw"]} draw @param {() => boolean} idle @returns {Drawer} */
export function drawer(draw, idle) {
  return {
    draw,
    get idle() {
      return idle();
    },
  };
}

export class Under {
  /** @type {CanvasRenderingContext2D | null} */
  #pen = null;

  /**
   * @param {Drawer[]} drawers the lowest first
   * @param {Camera} camera
   * @param {Theme} theme
   * @param {boolean} moving
   * @returns {((width: number, height: number, ratio: number) => ImageData) | null} the pixels,
   *   for a canvas of that size; null when nobody draws
   */
  picture(drawers, camera, theme, moving) {
    const busy = drawers.filter((one) => !one.idle);
    if (!busy.length) return null;
    return (width, height, ratio) => {
      const pen = this.#prepare(width, height);
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.fillStyle = css(theme.background);
      pen.fillRect(0, 0, width, height);
      for (const one of busy) {
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.save();
        one.draw(pen, camera, theme, moving);
        pen.restore();
      }
      return pen.getImageData(0, 0, width, height);
    };
  }

  /** @param {number} width @param {number} height */
  #prepare(width, height) {
    if (!this.#pen) {
      const canvas = document.createElement("canvas");
      // Its pixels are read in every frame: it must not live on a graphics card.
      this.#pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    }
    if (!this.#pen) throw new Error("this page offers no 2-D canvas");
    const { canvas } = this.#pen;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    return this.#pen;
  }
}
