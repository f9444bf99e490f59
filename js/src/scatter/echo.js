/** Where the row under the pointer of one map lies on the others. */
import { css } from "./palette.js";

/** Wider than the ring under the pointer: it is looked for. */
const WIDE = 7;

export class Echo {
  #map;
  #row = -1;

  /** @param {import("./map.js").Map_} map */
  constructor(map) {
    this.#map = map;
    map.view.above.push({ draw: (pen, camera, theme) => this.#draw(pen, camera, theme) });
    const hear = (/** @type {number} */ row) => {
      this.#row = row;
      map.view.redraw();
    };
    map.space.subscribe("hover", hear, map.signal);
    // A map that is taken away under the pointer hears of no leaving.
    const leave = () => map.view.scene.ring && map.space.emit("hover", -1);
    map.signal.addEventListener("abort", leave, { once: true });
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {import("./camera.js").Camera} camera
   * @param {import("./marks.js").Theme} theme
   */
  #draw(pen, camera, theme) {
    const { view, places } = this.#map;
    const row = this.#row;
    // Under the pointer itself there is a ring already.
    if (row < 0 || row >= places.count || view.scene.ring || !view.marks.shows(row)) return;
    const { stage, flat } = places;
    // Rows of a map that has depth may just be turning, those of a flat one on their way.
    const [right, up, behind] = stage.deep
      ? stage.spot(stage.row(row))
      : [flat[2 * row], flat[2 * row + 1], 0];
    const [x, y] = camera.toPage(right, up);
    pen.save();
    pen.globalAlpha = behind ? 0.4 : 1;
    pen.beginPath();
    pen.arc(x, y, view.scene.size / 2 + WIDE, 0, 2 * Math.PI);
    for (const [color, width] of /** @type {const} */ ([
      [theme.background, 5],
      [theme.text, 2],
    ])) {
      pen.strokeStyle = css(color);
      pen.lineWidth = width;
      pen.stroke();
    }
    pen.restore();
  }
}
