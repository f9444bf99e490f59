/** Draws on the map what panels and cells asked for: lines between rows, paths, rings, ellipses. */
import { css, parse } from "./palette.js";
import { drawTrail, FAINT } from "./trail.js";

/**
 * @typedef {import("../overlays.js").Drawing} Drawing
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./under.js").Drawer} Drawer
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {import("./trail.js").Spot} Spot
 *
 * @typedef {object} Ways how things get on the view
 * @property {(z: ArrayLike<number>) => Spot} spot where a latent is seen
 * @property {(zs: ArrayLike<number>[]) => Spot[]} trail the line through latents
 * @property {() => Float32Array} rows where all rows are seen, x and y of each
 * @property {((from: number, to: number) => Spot[]) | null} join the line between two rows; a
 *   straight one when null
 *
 * @typedef {object} Placed a drawing, on the map
 * @property {Int32Array} edges
 * @property {Spot[][]} paths
 * @property {{ spot: Spot, ellipse: Ellipse | null }[]} points
 * @property {string[]} labels
 * @property {string | null} color
 *
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 *
 * @typedef {object} Ellipse
 * @property {number} major half the longer axis, on the map
 * @property {number} minor
 * @property {number} turn of the longer axis from the x axis, anticlockwise
 */

const RING = 6;
/** Of a path's label: its height, and its swatch with the gap after it. */
const [LINE, SWATCH, GAP] = [16, 8, 5];
const HAIR = 0.01;
/** More names than these find no room anyway. */
const CROWD = 100;
const FONT = "12px system-ui, sans-serif";
/** Many lines are a texture, a few are a drawing. */
const MANY = 1000;

/** @implements {Drawer} */
export class Drawings {
  /** @type {Placed[]} */
  #placed = [];
  /** @type {Ways | null} */
  #ways = null;

  /** @param {Map<string, Drawing>} drawings @param {Ways} ways */
  place(drawings, ways) {
    this.#ways = ways;
    this.#placed = [...drawings.values()].map(
      ({ edges, paths, points, spread, labels, color }) => ({
        ...{ edges, labels, color },
        paths: paths.map(ways.trail),
        points: points.map((z, i) => ({
          ...{ spot: ways.spot(z), ellipse: spread && ellipseAround(z, spread[i], ways.spot) },
        })),
      }),
    );
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  draw(pen, camera, theme) {
    const inkOf = (/** @type {Placed} */ { color }) => css(color ? parse(color) : theme.accent);
    for (const one of this.#placed) {
      const ink = inkOf(one);
      this.#edges(pen, camera, one.edges, ink);
      for (const path of one.paths) drawTrail(pen, camera, path, 2, ink, css(theme.background));
      for (const point of one.points) drawPoint(pen, camera, point, ink, css(theme.background));
    }
    /** @type {Box[]} */
    const taken = [];
    // No line lies on a name.
    for (const one of this.#placed) {
      const ink = inkOf(one);
      const ends = one.paths.map((path) => path[path.length >> 1]);
      const at = one.points.length ? one.points.map(({ spot }) => spot) : ends;
      one.labels.forEach((text, i) => {
        if (!at[i]) return;
        pen.globalAlpha = at[i][2] > 0 ? FAINT : 1;
        const [x, y] = camera.toPage(at[i][0], at[i][1]);
        if (one.points.length) drawLabel(pen, [x + RING + 4, y], text, theme);
        else drawName(pen, [x + RING + 4, y], { text, ink, taken }, theme);
        pen.globalAlpha = 1;
      });
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Int32Array} edges @param {string} ink */
  #edges(pen, camera, edges, ink) {
    if (!this.#ways || !edges.length) return;
    const { rows, join } = this.#ways;
    if (join && edges.length < 2 * MANY) {
      for (let i = 0; i < edges.length; i += 2) {
        drawTrail(pen, camera, join(edges[i], edges[i + 1]), 1.5, ink, "transparent");
      }
      return;
    }
    const xy = rows();
    pen.beginPath();
    for (let i = 0; i < edges.length; i += 2) {
      const [from, to] = [2 * edges[i], 2 * edges[i + 1]];
      pen.moveTo(...camera.toPage(xy[from], xy[from + 1]));
      pen.lineTo(...camera.toPage(xy[to], xy[to + 1]));
    }
    pen.strokeStyle = ink;
    pen.lineWidth = edges.length > 2 * MANY ? 0.5 : 1.5;
    pen.globalAlpha = edges.length > 2 * MANY ? 0.35 : 0.9;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Camera} camera
 * @param {Placed["points"][number]} point
 * @param {string} ink
 * @param {string} halo
 */
function drawPoint(pen, camera, { spot, ellipse }, ink, halo) {
  const [px, py] = camera.toPage(spot[0], spot[1]);
  const share = spot[2] > 0 ? FAINT : 1;
  pen.globalAlpha = share;
  if (ellipse) {
    const { major, minor, turn } = ellipse;
    pen.beginPath();
    pen.ellipse(px, py, major * camera.scale, minor * camera.scale, -turn, 0, 2 * Math.PI);
    pen.fillStyle = ink;
    pen.globalAlpha = 0.15 * share;
    pen.fill();
    pen.globalAlpha = share;
    pen.strokeStyle = ink;
    pen.lineWidth = 1.5;
    pen.stroke();
  }
  pen.beginPath();
  pen.arc(px, py, RING, 0, 2 * Math.PI);
  pen.strokeStyle = halo;
  pen.lineWidth = 4.5;
  pen.stroke();
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.stroke();
  pen.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} pen @param {[number, number]} at @param {string} text @param {Theme} theme */
function drawLabel(pen, [x, y], text, theme) {
  pen.font = FONT;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.strokeStyle = css(theme.background);
  pen.lineWidth = 4;
  pen.strokeText(text, x, y);
  pen.fillStyle = css(theme.text);
  pen.fillText(text, x, y);
}

/**
 * The name of a path, with its colour: paths lie close together, and names must not.
 * @param {CanvasRenderingContext2D} pen
 * @param {[number, number]} at
 * @param {{ text: string, ink: string, taken: Box[] }} name taken grows by it
 * @param {Theme} theme
 */
function drawName(pen, [x, y], { text, ink, taken }, theme) {
  pen.font = FONT;
  const width = SWATCH + GAP + pen.measureText(text).width;
  const own = { x, y: y - LINE / 2, width, height: LINE };
  const box = taken.length < CROWD ? settle(own, taken) : own;
  taken.push(box);
  const middle = box.y + LINE / 2;
  pen.fillStyle = css(theme.background);
  pen.fillRect(x - 1, middle - SWATCH / 2 - 1, SWATCH + 2, SWATCH + 2);
  pen.fillStyle = ink;
  pen.fillRect(x, middle - SWATCH / 2, SWATCH, SWATCH);
  drawLabel(pen, [x + SWATCH + GAP, middle], text, theme);
}

/**
 * Where a box has room: below those that it would lie on.
 * @param {Box} box @param {Box[]} taken
 * @returns {Box}
 */
export function settle(box, taken) {
  const hits = (/** @type {number} */ y) =>
    taken.filter(
      (other) =>
        Math.abs(2 * (other.x - box.x) + other.width - box.width) < other.width + box.width &&
        // Less a hair: rounding must not keep a box where it has just been put.
        Math.abs(other.y - y) < box.height - HAIR,
    );
  let { y } = box;
  for (let met = hits(y); met.length; met = hits(y)) {
    y = Math.max(...met.map((other) => other.y + other.height));
  }
  return { ...box, y };
}

/**
 * One standard deviation around a latent, as the map shows it: the map is taken for linear there.
 * @param {Float32Array} z
 * @param {Float32Array} spread
 * @param {Ways["spot"]} project
 * @returns {Ellipse}
 */
export function ellipseAround(z, spread, project) {
  const [x, y] = Array.from(project(z));
  let [xx, xy, yy] = [0, 0, 0];
  for (let dim = 0; dim < z.length; dim += 1) {
    const moved = z.slice();
    moved[dim] += spread[dim];
    const [mx, my] = Array.from(project(moved));
    xx += (mx - x) ** 2;
    xy += (mx - x) * (my - y);
    yy += (my - y) ** 2;
  }
  const middle = (xx + yy) / 2;
  const apart = Math.hypot((xx - yy) / 2, xy);
  return {
    major: Math.sqrt(middle + apart),
    minor: Math.sqrt(Math.max(middle - apart, 0)),
    turn: Math.atan2(2 * xy, xx - yy) / 2,
  };
}
