/** A grid of mixtures: some dimensions of the column's latent, the rest of the row's. */
import { Ask } from "../ask.js";
import { toFloats } from "../bytes.js";
import { button, choice, make, ownKeys } from "../dom.js";
import { place } from "../geometry.js";
import { showNotices } from "../notice.js";
import { Saver } from "../saver.js";
import { Chooser } from "../sheet/chooser.js";
import { Grid } from "../sheet/grid.js";
import { split } from "../sheet/kept.js";
import { mix } from "../sheet/mixture.js";
import { Side } from "../sheet/sides.js";
import { unpack } from "../unpack.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../space.js").Atlas} Atlas
 * @typedef {Record<string, any>} Traits
 * @typedef {{ zs: (Float32Array | null)[], drawn: Float32Array[], atlas: Atlas | null }} Laid
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) new Mixing(model, el, signal, /** @type {Space} */ (space));
  },
};

class Mixing {
  #model;
  #space;
  #signal;
  #ask;
  #saver;
  #root = make("section", { class: "lw lw-mixing", "aria-label": "Mixtures" });
  #said = make("p", { role: "status" });
  #about = make("p", { class: "lw-small" });
  #chooser;
  #sides;
  #layer;
  #grid;
  /** Rows, columns and mixtures as they lie in the grid. @type {(Float32Array | null)[]} */
  #zs = [];
  #turn = 0;

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#signal = signal;
    this.#ask = new Ask(model, signal, (error) => this.#say(error));
    this.#saver = new Saver(model, signal);
    const take = async (/** @type {Record<string, any>} */ content) => {
      this.#say("");
      if (!(await this.#ask.ask("take", content))) this.#showCounts();
    };
    const rows = space.facts.n_rows > 0;
    this.#sides = {
      rows: new Side("rows", take, rows, signal),
      columns: new Side("columns", take, rows, signal),
    };
    const choose = (/** @type {number[]} */ dims, /** @type {string} */ error) => {
      this.#say(error);
      this.#set("dims", dims);
    };
    this.#chooser = new Chooser(space.facts, choose, signal);
    const layers = Array.from({ length: Math.max(model.get("layers") - 1, 0) }, (_, i) => i + 1);
    const options = ["dimensions", ...layers.map((i) => `layers from ${i}`)];
    this.#layer = choice(
      "What is mixed",
      options,
      "dimensions",
      (name) => this.#pick(name),
      signal,
    );
    this.#layer.hidden = !layers.length;
    this.#grid = new Grid("Rows, columns and their mixtures", { go: (i) => this.#go(i) }, signal);
    this.#arrange(el);
    this.#listen();
    this.#show();
  }

  /** @param {HTMLElement} el */
  #arrange(el) {
    const swap = () => {
      const rows = this.#model.get("rows");
      this.#model.set("rows", this.#model.get("columns"));
      this.#set("columns", rows);
    };
    const turn = button("swap", "Rows become columns", swap, this.#signal);
    turn.className = "lw-chip";
    const { rows, columns } = this.#sides;
    const head = make("div", { class: "lw-row lw-head" }, rows.element, columns.element, turn);
    head.append(this.#layer);
    this.#root.append(head, this.#chooser.element, this.#said, this.#grid.element, this.#about);
    el.append(this.#root);
    showNotices(this.#root, this.#space, this.#signal);
    ownKeys(this.#root, this.#space, this.#signal);
  }

  #listen() {
    const again = () => this.#show();
    for (const name of ["rows", "columns", "dims", "layer", "groups", "layers"])
      this.#model.on(`change:${name}`, again);
    this.#space.subscribe("model", again, this.#signal);
    this.#space.subscribe("z", () => this.#grid.here(this.#space.z), this.#signal);
  }

  /** @param {string} name @param {unknown} value */
  #set(name, value) {
    this.#model.set(name, value);
    this.#saver.now();
  }

  /** @param {string} name */
  #pick(name) {
    this.#say("");
    this.#set("layer", name === "dimensions" ? null : Number(name.split(" ").at(-1)));
  }

  #showCounts() {
    this.#sides.rows.show(this.#read("rows").length);
    this.#sides.columns.show(this.#read("columns").length);
  }

  async #show() {
    const layer = this.#model.get("layer");
    this.#showCounts();
    this.#chooser.offer(this.#model.get("groups"));
    this.#chooser.show(this.#model.get("dims"));
    this.#chooser.element.hidden = layer !== null;
    this.#layer.value = layer === null ? "dimensions" : `layers from ${layer}`;
    this.#turn += 1;
    const turn = this.#turn;
    const found = layer === null ? await this.#mixed() : await this.#layered();
    // The hand was quicker, or the space says what is wrong.
    if (found && turn === this.#turn) this.#lay(found);
  }

  /** Rows, columns and mixtures of dimensions. @returns {Promise<Laid | null>} */
  async #mixed() {
    const [rows, columns] = [this.#read("rows"), this.#read("columns")];
    const dims = this.#model.get("dims");
    const mixtures = rows.map((a) =>
      columns.map((b) => {
        const mixed = mix(a, b, dims);
        return place(this.#space.geometry, mixed) || mixed;
      }),
    );
    const zs = arrange(rows, columns, mixtures);
    const drawn = zs.map((z) => z ?? rows[0]);
    const atlas = this.#space.facts.can_decode ? await this.#space.decode("mixing", drawn) : null;
    return atlas || !this.#space.facts.can_decode ? { zs, drawn, atlas } : null;
  }

  /**
   * The same with mixtures that Python decodes, layer by layer.
   * @returns {Promise<Laid | null>}
   */
  async #layered() {
    const [rows, columns] = [this.#read("rows"), this.#read("columns")];
    const reply = await this.#ask.ask("mixtures");
    const ends = await this.#space.decode("mixing", [...rows, ...columns]);
    if (!reply || !ends) return null;
    const made = /** @type {Atlas} */ (await unpack(reply.content, reply.buffers[0]));
    const known = split(toFloats(reply.buffers[1]), this.#space.facts.latent_dim);
    const latents = rows.map((_, i) =>
      columns.map((_, j) => known[i * columns.length + j] ?? null),
    );
    const zs = arrange(rows, columns, latents);
    const [height, width, channels] = ends.shape.slice(-3);
    const size = height * width * channels;
    const pixels = new Uint8Array(zs.length * size);
    const across = columns.length + 1;
    for (let i = 0; i < zs.length; i++) {
      const [row, column] = [Math.floor(i / across) - 1, (i % across) - 1];
      const own = row >= 0 && column >= 0;
      const from = own ? row * columns.length + column : row >= 0 ? row : rows.length + column;
      const source = own ? made.pixels : ends.pixels;
      if (i) pixels.set(source.subarray(from * size, (from + 1) * size), i * size);
    }
    // Only what a latent decodes to is judged by it.
    const stacked = /** @type {Atlas["shape"]} */ ([zs.length, height, width, channels]);
    const atlas = { ...ends, shape: stacked, pixels };
    delete atlas.zs;
    return { zs, drawn: zs.map((z) => z ?? rows[0]), atlas };
  }

  /** @param {Laid} found */
  #lay({ zs, drawn, atlas }) {
    this.#zs = zs;
    const across = this.#read("columns").length + 1;
    const names = zs.map((_, i) => {
      const [row, column] = [Math.floor(i / across), i % across];
      if (!row || !column) return row ? `row ${row}` : `column ${column}`;
      return `row ${row} with column ${column}`;
    });
    this.#grid.element.style.setProperty("--across", String(across));
    this.#grid.show(drawn, atlas, { names, blank: 0 });
    this.#grid.here(this.#space.z);
    for (const [i, tile] of [...this.#grid.element.children].entries()) {
      tile.classList.toggle("lw-blank", i === 0);
      tile.classList.toggle("lw-top", i > 0 && i < across);
      tile.classList.toggle("lw-left", i > 0 && i % across === 0);
    }
    this.#about.textContent = this.#words();
  }

  #words() {
    const layer = this.#model.get("layer");
    const { can_encode, latent_dim } = this.#space.facts;
    if (layer !== null)
      return can_encode
        ? `Layers from ${layer} on take the column. A click goes to what the encoder sees.`
        : `Layers from ${layer} on take the column. No latent decodes to these pictures.`;
    const { length } = this.#model.get("dims");
    return `${length} of ${latent_dim} dimensions from the column, the rest from the row.`;
  }

  /** @param {number} i */
  #go(i) {
    const z = this.#zs[i];
    if (z) this.#space.write(z, this.#space.gesture());
  }

  /** @param {string} name */
  #read(name) {
    return split(toFloats(this.#model.get(name)), this.#space.facts.latent_dim);
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
  }
}

/**
 * Columns on top, rows at the left, and nothing in the corner.
 * @param {Float32Array[]} rows
 * @param {Float32Array[]} columns
 * @param {(Float32Array | null)[][]} mixtures
 */
function arrange(rows, columns, mixtures) {
  return [null, ...columns, ...rows.flatMap((row, i) => [row, ...mixtures[i]])];
}
