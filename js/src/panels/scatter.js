/** The map: the encoded points on a plane, and the latent as a cursor among them. */
import { Ask } from "../ask.js";
import { toFloats } from "../bytes.js";
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Areas } from "../scatter/areas.js";
import { Brush } from "../scatter/brush.js";
import { describeAxes } from "../scatter/caption.js";
import { Echo } from "../scatter/echo.js";
import { EndHolds } from "../scatter/endholds.js";
import { Gestures } from "../scatter/gestures.js";
import { Hands } from "../scatter/hands.js";
import { Legend } from "../scatter/legend.js";
import { Lens } from "../scatter/lens.js";
import { MethodMenu } from "../scatter/method.js";
import { Motion } from "../scatter/motion.js";
import { Nearby } from "../scatter/nearby.js";
import { Places } from "../scatter/places.js";
import { Preview } from "../scatter/preview.js";
import { Tiles } from "../scatter/tiles.js";
import { Toolbar } from "../scatter/toolbar.js";
import { Turning } from "../scatter/turning.js";
import { View } from "../scatter/view.js";

/**
 * @typedef {object} Traits
 * @property {string} space
 * @property {string} method
 * @property {number[]} axes
 * @property {(string | number[])[]} directions
 * @property {Record<string, any>} chart
 * @property {string | null} color
 * @property {"auto" | number} point_size
 * @property {"auto" | number} opacity
 * @property {"auto" | "webgl" | "canvas"} renderer
 * @property {boolean} perspective
 * @property {boolean} spin
 * @property {DataView} explained
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) {
      new Scatter(model, el, signal, /** @type {import("../space.js").Space} */ (space));
    }
  },
};

class Scatter {
  #model;
  #space;
  #root = make("section", { class: "lw lw-scatter", "aria-label": "Map of the latents" });
  #places;
  #view;
  #hands;
  #gestures;
  #legend;
  #toolbar;
  #hint = make("div", { class: "lw-hint" });
  #caption = make("span", { class: "lw-small" });
  #count = make("span", { class: "lw-small", "aria-live": "polite" });
  #clear;

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {import("../space.js").Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    el.append(this.#root);
    const ask = new Ask(model, signal);
    this.#places = new Places(model, space, ask);
    const { flat, pilot, stage } = this.#places;
    const recolored = () => this.#legend.show();
    this.#view = new View(this.#root, flat, (name) => model.get(name), recolored, signal);
    const preview = new Preview(this.#view.element, space);
    const motion = new Motion(stage, () => this.#view.scene.held, signal);
    this.#hands = new Hands(space, this.#view, pilot, preview, flat, stage, motion);
    this.#gestures = new Gestures(this.#view.canvas, this.#hands, signal);
    this.#legend = new Legend(this.#view.marks, () => this.#view.recolor(), signal);
    this.#toolbar = this.#makeToolbar(signal);
    this.#clear = button("clear", "Select nothing (Escape)", () => this.#hands.clear(), signal);
    this.#lay();
    const parts = { view: this.#view, pilot, toolbar: this.#toolbar, places: this.#places };
    const map = { model, space, signal, hands: this.#hands, root: this.#root, ...parts };
    new MethodMenu(map);
    new Lens(map, new Tiles(map));
    new Areas(map);
    new EndHolds(map);
    new Echo(map);
    new Brush(map);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    this.#view.canvas.addEventListener("keydown", (event) => this.#key(event), { signal });
    for (const touch of ["pointerdown", "wheel", "keydown"]) {
      const hide = () => this.#hint.remove();
      this.#view.canvas.addEventListener(touch, hide, { signal, passive: true });
    }
    space.subscribe("z", () => this.#hint.remove(), signal);
    space.subscribe("selection", () => this.#select(), signal);
    space.subscribe("columns", () => this.#recolumn(), signal);
    model.on("change:color", () => this.#color());
    model.on("change:point_size", () => this.#view.redraw(true));
    model.on("change:opacity", () => this.#view.redraw(true));
    model.on("change:renderer", () => this.#view.layer.use(model.get("renderer")));
    this.#places.onchange(() => {
      this.#title();
      this.#advise();
    });
    this.#places.start(this.#view, this.#hands, () => motion.rise(), signal);
    new Turning({ ...map, motion, gestures: this.#gestures });
    const nearby = new Nearby(map);
    this.#view.element.querySelector(".lw-caption")?.append(nearby.element);
    this.#color();
    this.#select();
  }

  /** @param {AbortSignal} signal */
  #makeToolbar(signal) {
    return new Toolbar(
      this.#space.facts,
      {
        color: (name) => {
          this.#model.set("color", name);
          this.#model.save_changes();
        },
        mode: (mode) => {
          this.#gestures.mode = mode;
          this.#view.canvas.classList.toggle("lw-trace", mode === "lasso" || mode === "box");
        },
        whole: () => this.#hands.whole(),
      },
      signal,
    );
  }

  #lay() {
    const { canvas, element } = this.#view;
    const { n_rows } = this.#space.facts;
    const label = n_rows ? `Map of ${n_rows} points` : "Map without points";
    canvas.setAttribute("aria-label", `${label}. ${KEYS}`);
    this.#advise();
    this.#title();
    const caption = make("div", { class: "lw-caption" }, this.#caption, this.#view.note);
    element.append(this.#hint, caption);
    const grow = make("span", { class: "lw-grow" });
    const foot = make("div", { class: "lw-row lw-foot" }, this.#legend.element, grow);
    foot.append(this.#count, this.#clear);
    foot.hidden = !n_rows;
    this.#root.append(this.#toolbar.element, element, foot);
  }

  /** Says what to do first; on another kind of map it is another thing. */
  #advise() {
    const { turns, walks } = this.#places.stage;
    const beside = turns ? ", drag beside them to turn" : walks ? ", drag beside them to walk" : "";
    const rows = this.#space.facts.n_rows;
    this.#hint.textContent = rows ? `drag the cross, or click a point${beside}` : EMPTY;
  }

  #title() {
    const { title, text } = describeAxes(
      {
        method: this.#model.get("chart").method,
        about: this.#model.get("chart").about,
        axes: this.#model.get("axes"),
        directions: this.#model.get("directions"),
        shares: [...toFloats(this.#model.get("explained"))],
        flat: this.#space.geometry.reach === Number.POSITIVE_INFINITY,
      },
      this.#space.facts,
    );
    this.#caption.title = title;
    this.#caption.textContent = text;
  }

  #recolumn() {
    this.#toolbar.columns = this.#space.facts.columns;
    this.#color();
  }

  #select() {
    const rows = this.#space.selection;
    this.#view.marks.select(rows);
    this.#count.textContent = rows.length ? `${rows.length.toLocaleString("en")} selected` : "";
    this.#clear.hidden = !rows.length;
    this.#view.recolor();
  }

  #color() {
    const name = this.#model.get("color");
    const column = this.#space.facts.columns.find((one) => one.name === name) ?? null;
    this.#toolbar.color = column?.name ?? null;
    this.#view.paint(column);
    this.#legend.show();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && this.#gestures.busy) this.#gestures.cancel();
    else if (!this.#hands.key(event)) return;
    event.preventDefault();
  }
}

const KEYS =
  "Arrow keys move the cursor, with shift ten times as far, and with alt they turn a map that has " +
  "depth; Home goes back to the start, " +
  "plus and minus zoom, Escape clears the selection.";
const EMPTY = "No encoded data, so no points. Drag the cross: the picture follows.";
