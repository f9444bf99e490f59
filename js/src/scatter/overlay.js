/** What lies above the points: class names, the path, the lasso, the ring, the cursor. */
import { css, mix } from "./palette.js";
import { drawTrail, FAINT } from "./trail.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {import("./palette.js").Color} Color
 * @typedef {[number, number]} Place
 *
 * @typedef {object} Scene
 * @property {Place} cursor on the map
 * @property {boolean} held whether the hand holds the cursor
 * @property {boolean} [behind] whether the cursor lies behind something
 * @property {{ trail: import("./trail.js").Spot[], stops: number[], t: number,
 *   bare?: boolean } | null} path on the
 *   map, and which corners of it are pictures of the strip
 * @property {Place[]} lasso in page pixels
 * @property {Place | null} ring the point under the pointer, on the map
 * @property {number} size of a point
 * @property {{ text: string, x: number, y: number, color: Color }[]} names
 * @property {import("./rim.js").Rim | null} rim
 */

/** Radius of the cursor in page pixels. */
export const REACH = 12;
/** The cursor waits so far inside the edge when it is out of view. */
const EDGE = 16;

export class Overlay {
  canvas;
  #context;
  #font = "600 13px system-ui, sans-serif";

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this page offers no 2-D canvas");
    this.#context = context;
  }

  /**
   * @param {Scene} scene
   * @param {Camera} camera
   * @param {Theme} theme
   * @param {import("./under.js").Drawer[]} above who else draws here, below the cursor
   */
  draw(scene, camera, theme, above = []) {
    const ratio = window.devicePixelRatio;
    const width = Math.round(camera.width * ratio);
    const height = Math.round(camera.height * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const pen = this.#context;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, camera.width, camera.height);
    pen.lineJoin = "round";
    pen.lineCap = "round";
    if (scene.rim) this.#rim(scene.rim, camera, theme);
    this.#names(scene, camera, theme);
    for (const one of above) {
      pen.save();
      one.draw(pen, camera, theme, false);
      pen.restore();
    }
    if (scene.path?.trail.length) this.#path(scene.path, camera, theme);
    if (scene.ring) this.#ring(camera.toPage(...scene.ring), scene.size, theme);
    if (scene.lasso.length > 1) this.#lasso(scene.lasso, theme);
    this.#cursor(scene, camera, theme);
  }

  /** @param {import("./rim.js").Rim} rim @param {Camera} camera @param {Theme} theme */
  #rim({ centre, radii }, camera, theme) {
    const pen = this.#context;
    pen.strokeStyle = css(mix(theme.background, theme.text, 0.25));
    pen.lineWidth = 1;
    for (const radius of radii) {
      pen.beginPath();
      pen.arc(...camera.toPage(...centre), radius * camera.scale, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  /** @param {Scene} scene @param {Camera} camera @param {Theme} theme */
  #names({ names }, camera, theme) {
    const pen = this.#context;
    pen.font = this.#font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    /** @type {[number, number, number][]} */
    const taken = [];
    for (const { text, x, y, color } of names) {
      const [middle, py] = camera.toPage(x, y);
      if (middle < 0 || py < 0 || middle > camera.width || py > camera.height) continue;
      const half = pen.measureText(text).width / 2 + 4;
      const px = Math.max(half, Math.min(middle, camera.width - half));
      // A name that would cover another stays in the legend only.
      if (taken.some(([ox, oy, o]) => Math.abs(ox - px) < o + half && Math.abs(oy - py) < 16)) {
        continue;
      }
      taken.push([px, py, half]);
      pen.lineWidth = 4;
      pen.strokeStyle = css(theme.background);
      pen.strokeText(text, px, py);
      pen.fillStyle = css(mix(color, theme.text, 0.5));
      pen.fillText(text, px, py);
    }
  }

  /** @param {NonNullable<Scene["path"]>} path @param {Camera} camera @param {Theme} theme */
  #path({ trail, stops, t, bare }, camera, theme) {
    const pen = this.#context;
    drawTrail(pen, camera, trail, 2, css(theme.text), css(theme.background));
    const between = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
    const stop = Math.min(Math.floor(between), Math.max(stops.length - 2, 0));
    const next = stops[stop + 1] ?? stops[stop];
    const along = stops[stop] + (between - stop) * (next - stops[stop]);
    const i = Math.floor(along);
    const [from, to] = [trail[i], trail[i + 1] ?? trail[i]].map((spot) =>
      camera.toPage(spot[0], spot[1]),
    );
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    pen.globalAlpha = trail[i][2] > 0 ? FAINT : 1;
    pen.fillStyle = css(theme.text);
    pen.beginPath();
    pen.arc(from[0] + dx * (along - i), from[1] + dy * (along - i), 4, 0, 2 * Math.PI);
    pen.fill();
    for (const [letter, spot] of /** @type {const} */ ([
      ["A", trail[0]],
      ["B", trail[trail.length - 1]],
    ])) {
      if (bare) break;
      pen.globalAlpha = spot[2] > 0 ? FAINT : 1;
      this.#end(letter, camera.toPage(spot[0], spot[1]), theme);
    }
    pen.globalAlpha = 1;
  }

  /** @param {string} letter @param {Place} place @param {Theme} theme */
  #end(letter, [x, y], theme) {
    const pen = this.#context;
    pen.fillStyle = css(theme.background);
    pen.strokeStyle = css(theme.text);
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(x, y, 9, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    pen.font = this.#font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = css(theme.text);
    pen.fillText(letter, x, y + 0.5);
  }

  /** @param {Place} place @param {number} size @param {Theme} theme */
  #ring([x, y], size, theme) {
    this.#halo(theme, 2, () => {
      this.#context.beginPath();
      this.#context.arc(x, y, size / 2 + 4, 0, 2 * Math.PI);
    });
  }

  /** @param {Place[]} line @param {Theme} theme */
  #lasso(line, theme) {
    const pen = this.#context;
    pen.beginPath();
    for (const [x, y] of line) pen.lineTo(x, y);
    pen.closePath();
    pen.fillStyle = css(theme.accent);
    pen.globalAlpha = 0.12;
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.strokeStyle = css(theme.accent);
    pen.lineWidth = 1.5;
    pen.setLineDash([4, 4]);
    pen.stroke();
    pen.setLineDash([]);
  }

  /** @param {Scene} scene @param {Camera} camera @param {Theme} theme */
  #cursor({ cursor, held, behind }, camera, theme) {
    const pen = this.#context;
    pen.globalAlpha = behind ? 2 * FAINT : 1;
    if (behind) pen.setLineDash([3, 4]);
    const [x, y] = cursorPlace(cursor, camera);
    const [trueX, trueY] = camera.toPage(...cursor);
    const radius = held ? 10 : 9;
    const accent = { ...theme, text: theme.accent };
    this.#halo(accent, 2.5, () => {
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      if (x !== trueX || y !== trueY) {
        // Out of view: the circle waits at the edge and an arrow in it says where it is.
        const away = Math.atan2(trueY - y, trueX - x);
        pen.moveTo(x + 5 * Math.cos(away), y + 5 * Math.sin(away));
        for (const turn of [2.5, -2.5, 0]) {
          pen.lineTo(x + 5 * Math.cos(away + turn), y + 5 * Math.sin(away + turn));
        }
        return;
      }
      for (const [dx, dy] of DIRECTIONS) {
        pen.moveTo(x + dx * 3, y + dy * 3);
        pen.lineTo(x + dx * (radius + 5), y + dy * (radius + 5));
      }
    });
    pen.globalAlpha = 1;
    pen.setLineDash([]);
  }

  /** @param {Theme} theme @param {number} width @param {() => void} shape */
  #halo(theme, width, shape) {
    const pen = this.#context;
    shape();
    pen.strokeStyle = css(theme.background);
    pen.lineWidth = width + 3;
    pen.stroke();
    pen.strokeStyle = css(theme.text);
    pen.lineWidth = width;
    pen.stroke();
  }
}

const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/**
 * Where the cursor is drawn: at its place, or at the edge nearest to it.
 * @param {Place} cursor on the map
 * @param {Camera} camera
 * @returns {Place} page pixels
 */
export function cursorPlace(cursor, camera) {
  const [x, y] = camera.toPage(...cursor);
  const seen = x >= 0 && y >= 0 && x <= camera.width && y <= camera.height;
  if (seen) return [x, y];
  return [
    Math.min(Math.max(x, EDGE), camera.width - EDGE),
    Math.min(Math.max(y, EDGE), camera.height - EDGE),
  ];
}
