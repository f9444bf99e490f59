/** The semantic map: named regions, and a tint of what every place decodes to. */
import { choice, make } from "../dom.js";
import { Work } from "../work.js";
import { Names } from "./names.js";
import { Outlines } from "./outlines.js";
import { named, readRegions, seen } from "./regions.js";
import { Shade } from "./shade.js";
import { drawer } from "./under.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {import("./regions.js").Region} Region
 *
 * @typedef {object} Map_ what a feature of the map is given
 * @property {import("@anywidget/types").AnyModel} model
 * @property {import("../space.js").Space} space
 * @property {import("./view.js").View} view
 * @property {import("./pilot.js").Pilot} pilot
 * @property {import("./toolbar.js").Toolbar} toolbar
 * @property {AbortSignal} signal
 */

const NONE = "none";

export class Areas {
  #map;
  #names;
  #said = make("span", { class: "lw-small lw-said" });
  #areas;
  #shade;
  /** @type {Region[]} */
  #regions = [];
  #outlines = new Outlines();
  /** What was found where the points no longer are, and is on its way anew. */
  #stale = false;
  /** Whether a layout forms: the points are somewhere else at every moment. */
  #forming = false;
  #laid = "";
  #revision = 0;

  /** @param {Map_} map */
  constructor(map) {
    this.#map = map;
    const { model, space, view, toolbar, signal } = map;
    this.#names = new Names((key, name) => this.#rename(key, name), signal);
    this.#areas = choice(
      REGIONS,
      [NONE, "labels", "clusters"],
      NONE,
      (v) => this.#set("areas", v),
      signal,
    );
    toolbar.add(make("label", { class: "lw-row lw-plane" }, "regions", this.#areas));
    this.#shade = new Shade(map, () => this.#again());
    const bars = [...this.#shade.works, new Work(model, signal, "area_work")];
    view.canvas.before(this.#names.element);
    view.element.after(...bars.map(({ element }) => element));
    view.note.before(this.#said);
    view.below.push(
      drawer(
        (pen, camera, theme) => this.#below(pen, camera, theme),
        () => !view.plane || (!this.#regions.length && this.#shade.idle),
      ),
    );
    view.above.push({ draw: (_, camera, theme) => this.#above(camera, theme), plane: true });
    model.on("change:outlines", () => {
      this.#stale = false;
      this.#found();
    });
    model.on("change:area_names", () => this.#again());
    model.on("change:areas", () => this.#chosen());
    model.on("change:color", () => this.#again());
    model.on("change:xy", () => this.#moved());
    model.on("msg:custom", (content) => content?.kind === "places" && this.#form(true));
    model.on("change:work", () => "share" in (model.get("work") ?? {}) || this.#form(false));
    const recolumn = () => {
      this.#controls();
      this.#shade.show();
    };
    space.subscribe("columns", recolumn, signal);
    const options = { signal, capture: true };
    view.element.addEventListener("dblclick", (event) => this.#twice(event), options);
    view.canvas.addEventListener("pointermove", (event) => this.#hover(event), { signal });
    view.canvas.addEventListener("pointerleave", () => this.#say(), { signal });
    this.#chosen();
  }

  /** What is no longer wanted goes at once, what is wanted comes when it is found. */
  #chosen() {
    this.#controls();
    this.#found();
  }

  /** @param {string} trait @param {string} value */
  #set(trait, value) {
    this.#map.model.set(trait, value === NONE ? null : value);
    this.#map.model.save_changes();
  }

  /** @param {string} key @param {string} name */
  #rename(key, name) {
    const { [key]: _, ...names } = this.#map.model.get("area_names");
    this.#map.model.set("area_names", name ? { ...names, [key]: name } : names);
    this.#map.model.save_changes();
  }

  #controls() {
    const { model, space } = this.#map;
    const classes = space.facts.columns.filter(({ categories }) => categories);
    this.#areas.value = model.get("areas") ?? NONE;
    this.#areas.options[1].disabled = !classes.length;
    /** @type {HTMLElement} */ (this.#areas.parentElement).hidden = !space.facts.n_rows;
  }

  /** @param {boolean} forming */
  #form(forming) {
    if (this.#forming === forming) return;
    this.#forming = forming;
    this.#again();
  }

  #moved() {
    this.#stale = true;
    this.#shade.moved();
    this.#again();
  }

  #found() {
    const { model, view } = this.#map;
    this.#regions = readRegions(model.get("areas") && model.get("outlines"));
    view.named = !this.#regions.length;
    view.recolor();
    this.#say();
    this.#again();
  }

  #again() {
    this.#revision += 1;
    this.#map.view.redraw(true);
  }

  /** The colours of the points, where they are those of the regions. */
  get #colored() {
    const { model, view } = this.#map;
    const column = model.get("outlines")?.column;
    return Boolean(column) && view.marks.column?.name === column;
  }

  /** @param {Region} region */
  #color({ code }) {
    return this.#colored ? this.#map.view.marks.colors[code] : null;
  }

  /** @param {Region} region whether the legend lets its class through */
  #shows({ code }) {
    const { classes } = this.#map.view.marks;
    return !this.#colored || !classes.size || classes.has(code);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  #below(pen, camera, theme) {
    if (this.#forming) return;
    this.#shade.draw(pen, camera, theme);
    if (this.#stale) return;
    const seenNow = [...seen(this.#regions, camera.scale)].filter(([one]) => this.#shows(one));
    this.#outlines.draw(pen, camera, theme, seenNow, (region) => this.#color(region));
  }

  /** @param {Camera} camera @param {Theme} theme */
  #above(camera, theme) {
    const key = `${camera.scale} ${this.#revision} ${theme.dark} ${[...this.#map.view.marks.classes]}`;
    if (key !== this.#laid) {
      this.#laid = key;
      const shown = this.#stale || this.#forming ? [] : this.#regions;
      const given = this.#map.model.get("area_names") ?? {};
      const names = named(seen(shown, camera.scale), given)
        .filter(({ region }) => this.#shows(region))
        .map((name) => ({ ...name, color: this.#color(name.region) }));
      this.#names.lay(names, camera.scale, theme);
    }
    this.#names.move(camera);
  }

  /** @param {MouseEvent} event */
  #twice(event) {
    const { view, pilot } = this.#map;
    if (event.target !== view.canvas) return;
    const region = this.#names.at(view.camera, ...this.#place(event));
    if (!region) return;
    event.stopPropagation();
    pilot.takeBack();
    this.#names.edit(region);
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const { view } = this.#map;
    const place = this.#place(event);
    if (this.#names.at(view.camera, ...place)) this.#say("double click to rename");
    else this.#say(this.#shade.describe(view.camera.toMap(...place)));
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  #place(event) {
    const box = this.#map.view.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {string} [words] what is under the pointer; else what is to know of the regions */
  #say(words = "") {
    const { model } = this.#map;
    const said = words || (model.get("areas") && model.get("outlines")?.note) || "";
    if (this.#said.textContent !== said) this.#said.textContent = said;
  }
}

const REGIONS =
  "Outline and name the regions of the map: where each class lies, or what stands together";
