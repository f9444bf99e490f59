/** How far the latent is from the data: drawn under the hand, and said below the map. */
import { make } from "../dom.js";
import { Stored } from "../stored.js";
import { css, mix } from "./palette.js";

/**
 * @typedef {import("../chart.js").Around} Around
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 */

/** So many usual gaps away is off the data. */
const OFF = 4;
/** More rows than this are not searched under the hand. */
const MOST_ROWS = 300_000;
const LABEL = "11px system-ui, sans-serif";

export class Nearby {
  element = make("span", { class: "lw-small lw-near", "aria-live": "off" });
  #space;
  #view;
  #places;
  /** @type {Around | null} */
  #around = null;

  /**
   * @param {{ space: import("../space.js").Space, view: import("./view.js").View,
   *   places: import("./places.js").Places, signal: AbortSignal }} map
   */
  constructor({ space, view, places, signal }) {
    this.#space = space;
    this.#view = view;
    this.#places = places;
    view.above.push({ draw: (pen, camera, theme) => this.#draw(pen, camera, theme) });
    space.subscribe("z", () => this.#look(), signal);
    places.onchange(() => this.#look());
    this.#look();
  }

  #look() {
    const { chart, pilot, forming, count } = this.#places;
    const few = count > 0 && count <= MOST_ROWS && !forming;
    const place = few ? pilot.placed : null;
    this.#around = place && chart.around(place);
    const far = this.#around !== null && this.#around.distance > OFF * this.#places.gap;
    this.element.textContent = this.#around ? describe(this.#around, chart, far) : this.#apart(few);
    this.element.classList.toggle("lw-off-data", far);
  }

  /** What is said of a latent that came from elsewhere. @param {boolean} few rows */
  #apart(few) {
    const { chart } = this.#places;
    if (!few || !(chart instanceof Stored)) return "";
    const { row, distance } = chart.alike(this.#space.z);
    return distance === 0 ? `at row ${row}` : `z is ${short(distance)} from the nearest row`;
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  #draw(pen, camera, theme) {
    const { scene } = this.#view;
    if (!scene.held || !this.#around) return;
    const { rows, weights, distance, spread } = this.#around;
    const { stage } = this.#places;
    const at = rows.map((row) => {
      const [right, up] = stage.spot(stage.row(row));
      return camera.toPage(right, up);
    });
    const [x, y] = camera.toPage(...scene.cursor);
    const quiet = css(mix(theme.background, theme.text, 0.55));
    pen.lineWidth = 1;
    if (at.length > 1) {
      // All candidates lie within this circle.
      const reach = Math.max(...at.map(([px, py]) => Math.hypot(px - x, py - y)));
      pen.beginPath();
      pen.arc(x, y, reach + scene.size / 2 + 3, 0, 2 * Math.PI);
      pen.fillStyle = css(theme.accent);
      pen.globalAlpha = 0.08;
      pen.fill();
      pen.globalAlpha = 0.6;
      pen.strokeStyle = quiet;
      pen.setLineDash([2, 4]);
      pen.stroke();
      pen.setLineDash([]);
      at.forEach(([px, py], i) => {
        pen.beginPath();
        pen.arc(px, py, scene.size / 2 + 2, 0, 2 * Math.PI);
        pen.globalAlpha = 0.35 + 0.65 * Math.min(1, 3 * weights[i]);
        pen.strokeStyle = css(theme.text);
        pen.stroke();
      });
      pen.globalAlpha = 1;
    }
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(...at[0]);
    pen.strokeStyle = css(theme.text);
    pen.stroke();
    const label = spread === null ? short(distance) : `${short(distance)}, spread ${short(spread)}`;
    write(pen, label, [x + 18, y + 22], theme);
  }
}

/** @param {Around} around @param {import("../chart.js").Chart} chart @param {boolean} far */
function describe({ rows, distance, spread }, chart, far) {
  const off = far ? "off the data: " : "";
  const nearest = `${off}nearest row ${short(distance)} away`;
  if (spread === null || rows.length < 2) return nearest;
  const whole = chart instanceof Stored ? ` (all rows: ${short(chart.extent)})` : "";
  return `${nearest}; a blend of ${rows.length} rows, spread ${short(spread)}${whole}`;
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toPrecision(2)));
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {[number, number]} at @param {Theme} theme */
function write(pen, text, [x, y], theme) {
  pen.font = LABEL;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.strokeStyle = css(theme.background);
  pen.lineWidth = 4;
  pen.strokeText(text, x, y);
  pen.fillStyle = css(theme.text);
  pen.fillText(text, x, y);
}
