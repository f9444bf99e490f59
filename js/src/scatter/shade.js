/** What lies below the points: the classes that places decode to, or how much pictures change. */
import { choice, make } from "../dom.js";
import { Work } from "../work.js";
import { Cells, describeCell, readGrid } from "./cells.js";
import { describeLevel, Levels, readLevels } from "./levels.js";

const NONE = "none";
const COLUMN = "column ";

export class Shade {
  #map;
  #changed;
  #select;
  #cells = new Cells();
  #levels = new Levels();
  /** What was found where the points no longer are, and is on its way anew. */
  #stale = { cells: false, levels: false };
  /** The bars of what is being done. */
  works;

  /**
   * @param {import("./areas.js").Map_} map
   * @param {() => void} changed something else is to be drawn
   */
  constructor(map, changed) {
    this.#map = map;
    this.#changed = changed;
    const { model, toolbar, view, signal } = map;
    this.#select = choice(SHADE, [NONE], NONE, (value) => this.#choose(value), signal);
    toolbar.add(make("label", { class: "lw-row lw-plane" }, "shade by", this.#select));
    this.works = [
      new Work(model, signal, "cell_work", "cancel_cells"),
      new Work(model, signal, "background_work", "cancel_background"),
    ];
    view.note.before(this.#levels.legend);
    model.on("change:tints", () => this.#found("cells"));
    model.on("change:levels", () => this.#found("levels"));
    for (const trait of ["cells", "background"]) model.on(`change:${trait}`, () => this.show());
    this.show();
  }

  /** Whether there is nothing to draw. */
  get idle() {
    return !this.#cells.grid && !this.#levels.grid;
  }

  /** The points are somewhere else. */
  moved() {
    this.#stale = { cells: true, levels: true };
  }

  /** What is no longer wanted goes at once, what is wanted comes when it is found. */
  show() {
    const { model } = this.#map;
    this.#control();
    const grid = readGrid(model.get("cells") && model.get("tints"));
    this.#cells.show(grid, this.#categories(grid?.column).length);
    this.#levels.show(readLevels(model.get("background") && model.get("levels")));
    this.#changed();
  }

  /** @param {"cells" | "levels"} what */
  #found(what) {
    this.#stale[what] = false;
    this.show();
  }

  /** @param {string} value */
  #choose(value) {
    const { model } = this.#map;
    model.set("cells", value.startsWith(COLUMN) ? value.slice(COLUMN.length) : null);
    model.set("background", value === "magnification" ? value : null);
    model.save_changes();
  }

  #control() {
    const { model, space } = this.#map;
    const { columns, n_rows, can_decode, latent_dim } = space.facts;
    const classes = n_rows ? columns.filter(({ categories }) => categories) : [];
    const options = classes.map(
      ({ name }) => new Option(`decoded ${name.replaceAll("_", " ")}`, COLUMN + name),
    );
    const measured = can_decode && latent_dim > 1;
    if (measured) options.push(new Option("magnification", "magnification"));
    this.#select.replaceChildren(new Option(NONE, NONE), ...options);
    const cells = model.get("cells");
    this.#select.value = model.get("background") ?? (cells ? COLUMN + cells : NONE);
    /** @type {HTMLElement} */ (this.#select.parentElement).hidden = !options.length;
  }

  /** @param {string | undefined} name */
  #categories(name) {
    const column = this.#map.space.facts.columns.find((one) => one.name === name);
    return column?.categories ?? [];
  }

  /** @param {[number, number]} place on the map @returns {string} what is known of it */
  describe(place) {
    const { grid } = this.#cells;
    if (grid && !this.#stale.cells) return describeCell(grid, this.#categories(grid.column), place);
    if (this.#levels.grid && !this.#stale.levels) return describeLevel(this.#levels.grid, place);
    return "";
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {import("./camera.js").Camera} camera
   * @param {import("./marks.js").Theme} theme
   */
  draw(pen, camera, theme) {
    if (!this.#stale.cells) this.#cells.draw(pen, camera, theme);
    if (!this.#stale.levels) this.#levels.draw(pen, camera, theme);
  }
}

const SHADE =
  "Shade every place by the class that it decodes to, the stronger, the surer; or by how much " +
  "the pictures change around it, its magnification factor";
