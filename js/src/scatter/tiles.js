/** Decoded pictures under the points: what lives at every place, coarse first, finer as one zooms. */
import { button } from "../dom.js";
import { place as placeIn } from "../geometry.js";
import { Remote } from "../remote.js";
import { cover, levelAt, middle, missing } from "./lattice.js";
import { TileStore } from "./tilestore.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./lattice.js").Square} Square
 */

/** Page pixels a side, more or less. */
const WANTED = 48;
/** So many milliseconds may pass until some arrive: a worker is near, a kernel is farther away. */
const PATIENCE = { browser: 40, kernel: 150 };
const MOST_AT_ONCE = 24;
/** Squares of all levels for one of the wanted size: sides are rounded to a power of two. */
const IN_LEVELS = 3;
/** Drawing what lies under the points takes a while: not for every few pictures. */
const PAUSE_MS = 120;
/** Milliseconds in a frame for finding out where anything belongs. */
const SEARCH_MS = 5;
/** Pictures fade with the distance to the nearest row, and end at so many times the fading. */
const END = 2;

export class Tiles {
  #map;
  #store;
  #button;
  #drawer = {
    draw: (/** @type {CanvasRenderingContext2D} */ pen, /** @type {Camera} */ camera) =>
      this.#draw(pen, camera),
  };
  #channel = `tiles-${Math.random().toString(36).slice(2)}`;
  #filling = false;
  #atOnce = 4;
  /** When pictures that had arrived were last drawn. */
  #drawn = 0;
  /** Counts maps and models: pictures of an old one are dropped. */
  #age = 0;

  /** @param {import("./map.js").Map_} map */
  constructor(map) {
    this.#map = map;
    const { model, space, view, places, toolbar, signal } = map;
    this.#store = new TileStore(space.facts.image_shape);
    this.#button = button("pictures", PICTURES, () => this.#press(), signal);
    this.#button.classList.add("lw-plane");
    if (space.facts.can_decode) toolbar.add(this.#button);
    model.on("change:pictures", () => this.#turn());
    model.on("change:chart", () => this.#turn());
    places.onchange(() => this.#forget());
    space.subscribe("model", () => this.#forget(), signal);
    space.subscribe("engine", () => this.#fill(), signal);
    // While the hand holds the cursor its own picture comes first.
    view.canvas.addEventListener("pointerup", () => this.#fill(), { signal });
    signal.addEventListener("abort", () => this.#forget());
    this.#turn();
  }

  /** Whether there are pictures under the points now. */
  get on() {
    const { model, space, places } = this.#map;
    const wanted = Boolean(model.get("pictures")) && space.facts.can_decode;
    return wanted && this.#flat && !places.forming;
  }

  /** Whether squares stay squares: a walk over the disc bends them, and a map with depth has none. */
  get #flat() {
    const { dim, method } = this.#map.model.get("chart");
    return dim === 2 && method !== "disc";
  }

  /** The square under a place. @param {[number, number]} at on the map @returns {[number, number]} its middle */
  around([x, y]) {
    const side = 2 ** -this.#level;
    return [(Math.floor(x / side) + 0.5) * side, (Math.floor(y / side) + 0.5) * side];
  }

  /** Half the side of a square, on the map. */
  get reach() {
    return 2 ** -this.#level / 2;
  }

  /**
   * What latents places stand for; a linear map shows the slice through the rows' mean.
   * @param {[number, number][]} places
   * @returns {Promise<(Float32Array | null)[]>} null where there is none
   */
  async latents(places) {
    const { space, pilot } = this.#map;
    const { chart } = this.#map.places;
    const found =
      chart instanceof Remote
        ? await chart.lattice(places)
        : places.map((one) => pilot.reach(one, null));
    return found.map((z) => z && placeIn(space.geometry, /** @type {Float32Array} */ (z)));
  }

  get #level() {
    const { scale, width, height } = this.#map.view.camera;
    // All that are in view, and the coarser ones, must find room in the store.
    const fewer = Math.sqrt((IN_LEVELS * width * height) / this.#store.most);
    return levelAt(scale, Math.max(WANTED, fewer));
  }

  #press() {
    const { model } = this.#map;
    model.set("pictures", !model.get("pictures"));
    model.save_changes();
  }

  #turn() {
    const { model, view } = this.#map;
    const on = Boolean(model.get("pictures")) && this.#flat;
    this.#button.hidden = !this.#flat;
    this.#button.setAttribute("aria-pressed", String(on));
    view.below = view.below.filter((one) => one !== this.#drawer);
    if (on) view.below.unshift(this.#drawer);
    view.veiled = on;
    view.redraw(true);
  }

  #forget() {
    this.#age += 1;
    this.#store.clear();
    this.#map.view.redraw(true);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera */
  #draw(pen, camera) {
    if (!this.on) return;
    pen.imageSmoothingQuality = "medium";
    for (const { key, column, line, side } of cover(camera, this.#level, this.#store.state)) {
      const tile = this.#store.get(key);
      if (!tile?.canvas) continue;
      // Edges on whole pixels: no seams.
      const [left, top] = camera.toPage(column * side, (line + 1) * side).map(Math.round);
      const [right, low] = camera.toPage((column + 1) * side, line * side).map(Math.round);
      pen.globalAlpha = tile.share;
      pen.drawImage(tile.canvas, left, top, right - left, low - top);
    }
    this.#fill();
  }

  async #fill() {
    const { space, view, signal } = this.#map;
    if (this.#filling) return;
    this.#filling = true;
    let arrived = false;
    while (this.on && !view.scene.held && !signal.aborted) {
      const { due, more } = this.#next();
      if (!due.length && !more) break;
      const age = this.#age;
      const start = performance.now();
      // Something went wrong, and was told: not again until the view changes.
      if (due.length && !(await this.#decode(due, age)) && age === this.#age) break;
      const patience = PATIENCE[space.engine.place];
      const factor = Math.min(Math.max(patience / (performance.now() - start), 0.5), 2);
      this.#atOnce = Math.min(Math.max(Math.floor(this.#atOnce * factor), 1), MOST_AT_ONCE);
      arrived ||= due.length > 0;
      if (arrived && performance.now() - this.#drawn > PAUSE_MS) {
        this.#show();
        arrived = false;
      }
      await frame();
    }
    this.#filling = false;
    if (arrived) this.#show();
  }

  /** Draw what has arrived. */
  #show() {
    this.#drawn = performance.now();
    this.#map.view.redraw(true);
  }

  /** @param {{ square: Square, share: number }[]} due @param {number} age @returns {Promise<boolean>} */
  async #decode(due, age) {
    const zs = await this.latents(due.map(({ square }) => middle(square)));
    const kept = due.filter((_, i) => zs[i]);
    for (const [i, { square }] of due.entries()) if (!zs[i]) this.#store.leave(square.key);
    if (!kept.length) return true;
    const some = /** @type {Float32Array[]} */ (zs.filter(Boolean));
    const atlas = await this.#map.space.decode(this.#channel, some);
    if (!atlas || age !== this.#age) return false;
    kept.forEach(({ square, share }, i) => {
      this.#store.put(square.key, atlas, i, share);
    });
    return true;
  }

  /** The next squares that want a picture, and whether there was no time to look for more. */
  #next() {
    const { camera, scene } = this.#map.view;
    const start = performance.now();
    /** @type {{ square: Square, share: number }[]} */
    const due = [];
    const focus = scene.cursor.every(Number.isFinite) ? scene.cursor : [camera.x, camera.y];
    const squares = missing(camera, this.#level, this.#store.state, /** @type {any} */ (focus));
    for (const square of squares) {
      const share = this.#share(square);
      if (share > 0) due.push({ square, share });
      else this.#store.leave(square.key);
      if (due.length >= this.#atOnce || performance.now() - start > SEARCH_MS) {
        return { due, more: true };
      }
    }
    return { due, more: false };
  }

  /** How strongly a square is drawn: less the farther the nearest row is. @param {Square} square */
  #share(square) {
    const { places } = this.#map;
    if (!places.xy.length) return 1;
    const [nearest] = places.index.find(middle(square), 1).squared;
    const away = Math.max(Math.sqrt(nearest) - 0.75 * square.side, 0);
    const fading = Math.max(4 * places.gap, 1.5 * this.reach);
    if (away > END * fading) return 0;
    return 0.15 + 0.85 * Math.exp(-((away / fading) ** 2));
  }
}

function frame() {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}

const PICTURES =
  "Show under the points what lives at every place: it is decoded as you look, finer as you " +
  "zoom in, and fades where no row is near";
