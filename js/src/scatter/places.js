/** Where things are on the map: rows, cursor, path and drawings, and how they get to new places. */
import { toFloats } from "../bytes.js";
import { readChart } from "../chart.js";
import { Drawings } from "./drawings.js";
import { Morph } from "./morph.js";
import { Pilot } from "./pilot.js";
import { rimOn } from "./rim.js";
import { Spacing } from "./spacing.js";
import { kindOf, Stage } from "./stage.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("./hands.js").Hands} Hands
 * @typedef {import("./view.js").View} View
 */

export class Places {
  /** @type {Float32Array} where the rows belong, a number for each axis of the map */
  xy;
  /** How they are seen. */
  stage = new Stage();
  /** @type {import("../chart.js").Chart} */
  chart;
  pilot;
  #model;
  #space;
  #ask;
  /** @type {View | null} */
  #view = null;
  /** @type {Hands | null} */
  #hands = null;
  /** @type {Morph | null} */
  #morph = null;
  #drawings = new Drawings();
  /** @type {Float32Array} where the rows are seen, on their way */
  #now;
  #method = "";
  #spacing;
  /** The row that stands for the cursor while a layout forms; -1 when none does. */
  #stand = -1;
  /** @type {(() => void)[]} */
  #heard = [];
  #rise = () => {};

  /**
   * @param {import("@anywidget/types").AnyModel} model
   * @param {Space} space
   * @param {import("../ask.js").Ask} ask
   */
  constructor(model, space, ask) {
    this.#model = model;
    this.#space = space;
    this.#ask = ask;
    this.xy = toFloats(model.get("xy"));
    this.chart = this.#read();
    this.pilot = new Pilot(space, this.chart);
    this.#now = this.#show();
    this.#spacing = new Spacing(this.xy, this.stage.sight.dim);
  }

  /** Where the rows are seen, x and y of each. */
  get flat() {
    return this.#now;
  }

  /** The map that is shown, on the stage that suits it. */
  #show() {
    const kind = kindOf(this.#model, this.#space.facts);
    return this.stage.show(this.xy, kind, this.pilot.cursor);
  }

  /** For finding rows by where they are on the map. */
  get index() {
    return this.#spacing.index;
  }

  /** How far rows usually are from one another. */
  get gap() {
    return this.#spacing.gap;
  }

  /** How many rows there are. */
  get count() {
    return this.xy.length / this.stage.sight.dim;
  }

  /** Whether a layout forms just now. */
  get forming() {
    return this.#stand >= 0;
  }

  /** Hear of another map. @param {() => void} heard */
  onchange(heard) {
    this.#heard.push(heard);
  }

  /**
   * @param {View} view
   * @param {Hands} hands
   * @param {() => void} rise shows that a map of two dimensions has got a third
   * @param {AbortSignal} signal
   */
  start(view, hands, rise, signal) {
    this.#rise = rise;
    this.#view = view;
    this.#hands = hands;
    view.above.push(this.#drawings);
    this.stage.start(view, (settled) => this.#turned(settled), signal);
    this.#morph = new Morph(this.#now, (xy, share) => this.#glide(xy, share), signal);
    const [model, space] = [this.#model, this.#space];
    space.subscribe("z", () => this.#follow(), signal);
    space.subscribe("path", () => this.#path(), signal);
    space.subscribe("overlays", () => this.#draw(), signal);
    model.on("change:chart", () => this.#renew());
    model.on("change:work", () => this.#settle());
    const hear = (/** @type {any} */ content, /** @type {DataView[]} */ buffers) => {
      if (content?.kind === "places") this.#form(toFloats(buffers[0]));
    };
    model.on("msg:custom", hear);
    signal.addEventListener("abort", () => model.off("msg:custom", hear));
    view.surround(this.#rim, this.#now);
    this.#placed();
  }

  /** The same places are seen elsewhere. @param {boolean} settled whether rows are to be found there */
  #turned(settled) {
    if (settled) {
      this.#now = this.stage.flat();
      this.#hands?.move(this.#now);
      this.#view?.marks.move(this.#now);
    }
    if (this.#view) this.#view.scene.rim = this.#rim;
    this.#placed();
  }

  #read() {
    this.#method = this.#model.get("chart").method;
    return readChart(this.#model, this.xy, this.#space, this.#ask, () => this.#placed());
  }

  get #rim() {
    return rimOn(this.stage, this.chart, this.#space);
  }

  /** The map is another one, or the space has another model. */
  #renew() {
    const before = { method: this.#method, dim: this.stage.sight.dim };
    this.xy = toFloats(this.#model.get("xy"));
    this.chart = this.#read();
    this.#stand = -1;
    this.pilot.use(this.chart);
    this.pilot.free = true;
    const flat = this.#show();
    this.#spacing = new Spacing(this.xy, this.stage.sight.dim);
    if (!this.#view) return;
    this.#view.scene.rim = this.#rim;
    const { dim } = this.stage.sight;
    // Where one looked at another map means nothing here.
    if (before.method !== this.#method || before.dim !== dim) this.#view.camera.fit();
    this.#hands?.move(flat);
    this.#morph?.to(flat);
    this.#placed();
    if (before.dim < dim) this.#rise();
    for (const heard of this.#heard) heard();
  }

  /** A layout forms: the rows are on their way. @param {Float32Array} xy */
  #form(xy) {
    if (this.stage.deep || xy.length !== this.xy.length) return;
    if (!("share" in (this.#model.get("work") ?? {}))) return;
    if (!this.forming) {
      // The old map's cursor has no place here; it goes with the row that was nearest to it.
      this.#stand = this.index.find(this.pilot.cursor, 1).rows[0];
      this.pilot.drop();
      this.pilot.free = false;
      if (this.#view) Object.assign(this.#view.scene, { rim: null, path: null, held: false });
      this.#view?.camera.fit();
    }
    this.#hands?.move(xy);
    this.#morph?.to(xy);
  }

  /** The work has ended: without another map everything goes back to its place. */
  #settle() {
    if (!this.forming || "share" in (this.#model.get("work") ?? {})) return;
    // What ends well is told in two messages, and in either order.
    setTimeout(() => {
      if (this.forming) this.#renew();
    });
  }

  /** @param {Float32Array} xy @param {number} share of the way to new places */
  #glide(xy, share) {
    if (!this.#view) return;
    const { scene } = this.#view;
    const stand = 2 * this.#stand;
    const to = this.forming ? [xy[stand], xy[stand + 1]] : this.stage.spot(this.pilot.cursor);
    const part = this.forming ? 1 : share;
    scene.cursor = /** @type {[number, number]} */ (
      scene.cursor.map((place, axis) => place + part * (to[axis] - place))
    );
    this.#now = xy;
    this.#view.move(xy);
  }

  /** The kernel has told where latents lie. */
  #placed() {
    this.#follow();
    this.#path();
    this.#draw();
  }

  #follow() {
    if (!this.#view || this.forming) return;
    const [x, y, behind] = this.stage.spot(this.pilot.cursor);
    Object.assign(this.#view.scene, { cursor: [x, y], behind: behind > 0 });
    this.#view.redraw();
  }

  #path() {
    if (!this.#view || this.forming) return;
    const { path } = this.#space;
    const places = path?.zs.map((z) => this.chart.transform(z));
    this.#view.scene.path =
      path && places ? { ...this.stage.trail(places), t: path.t, bare: path.bare } : null;
    this.#view.redraw();
  }

  /** What panels want drawn is other, or elsewhere. */
  #draw() {
    const { stage, chart } = this;
    this.#drawings.place(this.#space.overlays, {
      spot: (z) => stage.spot(chart.transform(z)),
      trail: (zs) => stage.trail(zs.map((z) => chart.transform(z))).trail,
      rows: () => (stage.deep ? stage.flat() : this.#now),
      join: stage.join,
    });
    this.#view?.redraw();
  }
}
