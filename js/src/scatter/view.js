/** The picture of the map: points below, overlay above, drawn once a frame when something changed. */
import { make } from "../dom.js";
import { boxAround, Camera } from "./camera.js";
import { Layer } from "./layer.js";
import { Marks } from "./marks.js";
import { Overlay } from "./overlay.js";
import { boxWith } from "./rim.js";
import { readTheme, watchTheme } from "./theme.js";
import { Under } from "./under.js";

/** @typedef {import("./overlay.js").Scene} Scene */

/** The map is at rest when it has not moved for so long. */
const REST_MS = 150;

export class View {
  element = make("div", { class: "lw-map" });
  canvas = make("canvas", { class: "lw-overlay", tabindex: "0", role: "application" });
  camera;
  marks;
  layer;
  /** @type {Scene} */
  scene = {
    ...{ cursor: [0, 0], held: false, path: null, lasso: [], ring: null, size: 4, names: [] },
    rim: null,
  };
  /** @type {import("./under.js").Drawer[]} who draws below the points, the lowest first */
  below = [];
  /** @type {import("./under.js").Drawer[]} who draws above the points and below the cursor */
  above = [];
  /** Whether the classes are named at their middles; not where regions have names. */
  named = true;
  /** Names of classes where the map has depth; at their middles on the plane when null.
   * @type {((marks: Marks) => Scene["names"]) | null} */
  naming = null;
  /** Whether pictures lie under the points, which then must leave them to be seen. */
  veiled = false;
  #under = new Under();
  #overlay = new Overlay(this.canvas);
  #root;
  #option;
  #rethemed;
  #theme;
  /** @type {import("./cloud.js").Cloud} */
  #cloud;
  /** @type {import("./solid.js").Solid | null} who draws points that have depth, where they have */
  #solid = null;
  /** @type {import("./camera.js").Box | null} what is seen at first; what is around the points */
  #box = null;
  #pointsDue = false;
  #frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  #moving = false;

  /**
   * @param {HTMLElement} root already on the page, for its colours
   * @param {Float32Array} xy
   * @param {(name: "renderer" | "point_size" | "opacity") => any} option
   * @param {() => void} rethemed
   * @param {AbortSignal} signal
   */
  constructor(root, xy, option, rethemed, signal) {
    this.#root = root;
    this.#rethemed = rethemed;
    this.#option = option;
    this.#theme = readTheme(root);
    const box = boxAround(xy);
    this.camera = new Camera(box);
    this.marks = new Marks(xy, this.#theme, box);
    this.#cloud = this.marks.cloud();
    this.element.append(this.canvas);
    const changed = () => this.redraw(true);
    this.layer = new Layer(this.element, option("renderer"), changed, signal);
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      // A hidden tab has no size; the map keeps the one it had.
      if (!width || !height) return;
      this.camera.resize(width, height);
      this.#draw();
    });
    observer.observe(this.element);
    watchTheme(() => this.#retheme(), signal);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      cancelAnimationFrame(this.#frame);
      clearTimeout(this.#rest);
    });
  }

  /** How many points are drawn when not all are, in small print. */
  get note() {
    return this.layer.note;
  }

  /** Colours changed: by another column, the filter, the selection or the theme. */
  recolor() {
    this.#cloud = this.marks.cloud();
    this.#solid?.paint(this.marks.ink, this.#cloud.colors);
    this.rename();
    this.redraw(true);
  }

  /** Whether the map is seen as the plane that it is. */
  get plane() {
    return !this.element.classList.contains("lw-deep");
  }

  set plane(plane) {
    this.element.classList.toggle("lw-deep", !plane);
  }

  /** Names are elsewhere. */
  rename() {
    const { marks } = this;
    this.scene.names = this.named ? (this.naming?.(marks) ?? marks.names()) : [];
  }

  /**
   * Another kind of map.
   * @param {import("./solid.js").Solid | null} solid draws points with depth
   * @param {import("./camera.js").Box | null} box what is seen at first
   */
  show(solid, box) {
    if (this.#solid) this.#solid.shown = false;
    this.#solid = solid;
    this.#box = box;
    if (solid) solid.shown = true;
    if (box) this.camera.follow(box);
    this.recolor();
  }

  /** @param {import("../facts.js").Column | null} column */
  paint(column) {
    this.marks.paint(column, this.#theme);
    this.recolor();
  }

  /** The points have moved. @param {Float32Array} xy as many as before */
  move(xy) {
    this.marks.move(xy);
    this.camera.follow(this.#box ?? boxWith(xy, this.scene.rim));
    this.recolor();
  }

  /** @param {import("./rim.js").Rim | null} rim @param {Float32Array} xy what it is around */
  surround(rim, xy) {
    this.scene.rim = rim;
    this.camera.follow(this.#box ?? boxWith(xy, rim));
  }

  /** The camera moved. */
  moved() {
    this.#moving = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#moving = false;
      this.redraw(true);
    }, REST_MS);
    this.redraw(true);
  }

  /** @param {boolean} [points] whether the points changed too, not only what lies above */
  redraw(points = false) {
    this.#pointsDue ||= points;
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw(this.#pointsDue));
  }

  #draw(points = true) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#pointsDue = false;
    const { camera } = this;
    if (camera.width < 2) return;
    const look = this.#look();
    this.scene.size = look.size;
    if (points) {
      const below = this.#under.picture(
        this.#drawers(this.below),
        camera,
        this.#theme,
        this.#moving,
      );
      if (this.#solid) this.#solid.draw(camera, look, this.#moving, below);
      else this.layer.draw(this.#cloud, camera, look, this.#moving, below);
    }
    this.#overlay.draw(this.scene, camera, this.#theme, this.#drawers(this.above));
  }

  /** @param {import("./under.js").Drawer[]} all */
  #drawers(all) {
    return this.plane ? all : all.filter((one) => !one.plane);
  }

  #look() {
    const point_size = this.#option("point_size");
    const opacity = this.#option("opacity");
    const { width, height, zoom } = this.camera;
    const count = this.#cloud.color.length;
    // Fewer points, a larger map and a closer look all leave room for larger points.
    const room = Math.sqrt(Math.min(Math.max((width * height) / 400_000, 0.5), 1.5));
    const closer = Math.min(Math.max(zoom ** 0.35, 0.7), 3);
    const size = Math.min(7, 6 * (count / 1000) ** -0.21) * Math.sqrt(room) * closer;
    const crowded = Math.min(Math.max(0.9 - 0.2 * Math.log10(count / 1000), 0.4), 0.9);
    return {
      size: point_size === "auto" ? Math.min(size, 14) * (this.veiled ? 0.75 : 1) : point_size,
      opacity: opacity === "auto" ? (this.veiled ? 1 : crowded) : opacity,
      background: this.#theme.background,
      outline: this.veiled ? this.#theme.background : null,
    };
  }

  #retheme() {
    const before = JSON.stringify(this.#theme);
    this.#theme = readTheme(this.#root);
    if (JSON.stringify(this.#theme) === before) return;
    this.paint(this.marks.column);
    this.#rethemed();
  }
}
