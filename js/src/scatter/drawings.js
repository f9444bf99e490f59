/** Draws on the map what panels and cells asked for: lines between rows, paths, rings, ellipses. */
import { css, parse } from "./palette.js";

/**
 * @typedef {import("../overlays.js").Drawing} Drawing
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./under.js").Drawer} Drawer
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {(z: ArrayLike<number>) => ArrayLike<number>} Project where a latent is on the map
 *
 * @typedef {object} Placed a drawing, on the map
 * @property {Int32Array} edges
 * @property {ArrayLike<number>[][]} paths
 * @property {{ x: number, y: number, ellipse: Ellipse | null }[]} points
 * @property {string[]} labels
 * @property {string | null} color
 *
 * @typedef {object} Ellipse
 * @property {number} major half the longer axis, on the map
 * @property {number} minor
 * @property {number} turn of the longer axis from the x axis, anticlockwise
 */

const RING = 6;

/** @implements {Drawer} */
export class Drawings {
  /** @type {Placed[]} */
  #placed = [];
  #rows;

  /** @param {() => Float32Array} rows where they are on the map */
  constructor(rows) {
    this.#rows = rows;
  }

  /** @param {Map<string, Drawing>} drawings @param {Project} project */
  place(drawings, project) {
    this.#placed = [...drawings.values()].map(
      ({ edges, paths, points, spread, labels, color }) => ({
        ...{ edges, labels, color },
        paths: paths.map((path) => path.map(project)),
        points: points.map((z, i) => {
          const [x, y] = Array.from(project(z));
          return { x, y, ellipse: spread && ellipseAround(z, spread[i], project) };
        }),
      }),
    );
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  draw(pen, camera, theme) {
    for (const one of this.#placed) {
      const ink = css(one.color ? parse(one.color) : theme.accent);
      this.#edges(pen, camera, one.edges, ink);
      for (const path of one.paths) drawPath(pen, camera, path, ink, css(theme.background));
      for (const point of one.points) drawPoint(pen, camera, point, ink, css(theme.background));
      const ends = one.paths.map((path) => path[path.length >> 1]);
      const at = one.points.length ? one.points.map(({ x, y }) => [x, y]) : ends;
      one.labels.forEach((text, i) => {
        if (at[i]) drawLabel(pen, camera.toPage(at[i][0], at[i][1]), text, theme);
      });
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Int32Array} edges @param {string} ink */
  #edges(pen, camera, edges, ink) {
    const xy = this.#rows();
    pen.beginPath();
    for (let i = 0; i < edges.length; i += 2) {
      const [from, to] = [2 * edges[i], 2 * edges[i + 1]];
      pen.moveTo(...camera.toPage(xy[from], xy[from + 1]));
      pen.lineTo(...camera.toPage(xy[to], xy[to + 1]));
    }
    pen.strokeStyle = ink;
    // Many lines are a texture, a few are a drawing.
    pen.lineWidth = edges.length > 2000 ? 0.5 : 1.5;
    pen.globalAlpha = edges.length > 2000 ? 0.35 : 0.9;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Camera} camera
 * @param {ArrayLike<number>[]} path
 * @param {string} ink
 * @param {string} halo
 */
function drawPath(pen, camera, path, ink, halo) {
  pen.beginPath();
  for (const place of path) pen.lineTo(...camera.toPage(place[0], place[1]));
  pen.strokeStyle = halo;
  pen.lineWidth = 5;
  pen.stroke();
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Camera} camera
 * @param {Placed["points"][number]} point
 * @param {string} ink
 * @param {string} halo
 */
function drawPoint(pen, camera, { x, y, ellipse }, ink, halo) {
  const [px, py] = camera.toPage(x, y);
  if (ellipse) {
    const { major, minor, turn } = ellipse;
    pen.beginPath();
    pen.ellipse(px, py, major * camera.scale, minor * camera.scale, -turn, 0, 2 * Math.PI);
    pen.fillStyle = ink;
    pen.globalAlpha = 0.15;
    pen.fill();
    pen.globalAlpha = 1;
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
}

/** @param {CanvasRenderingContext2D} pen @param {[number, number]} at @param {string} text @param {Theme} theme */
function drawLabel(pen, [x, y], text, theme) {
  pen.font = "12px system-ui, sans-serif";
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.strokeStyle = css(theme.background);
  pen.lineWidth = 4;
  pen.strokeText(text, x + RING + 4, y);
  pen.fillStyle = css(theme.text);
  pen.fillText(text, x + RING + 4, y);
}

/**
 * One standard deviation around a latent, as the map shows it: the map is taken for linear there.
 * @param {Float32Array} z
 * @param {Float32Array} spread
 * @param {Project} project
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
