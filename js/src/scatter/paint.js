/** What is painted on a map: dabs of a density, and a line. */
import { toFloats } from "../bytes.js";

/** @typedef {{ dabs: number[], line: number[] }} Layer */

/** Python takes no more of them. */
export const MOST_DABS = 5000;

export class Paint {
  /** @type {number[]} x, y, radius, how much of each dab */
  dabs = [];
  /** @type {number[]} x, y of each place */
  line = [];
  #model;
  #change;
  /** @type {Layer | null} what there was before the stroke under way */
  #before = null;
  #saving = false;

  /**
   * @param {Pick<import("@anywidget/types").AnyModel, "get" | "set" | "save_changes" | "on">} model
   * @param {() => void} change what is painted is another
   */
  constructor(model, change) {
    this.#model = model;
    this.#change = change;
    model.on("change:dabs", () => this.#read());
    model.on("change:line", () => this.#read());
    this.#read();
  }

  /** Whether a stroke is under way. */
  get drawing() {
    return this.#before !== null;
  }

  /** A stroke begins. @param {boolean} line it takes the place of the line */
  begin(line) {
    this.#before = this.#layer;
    if (line) this.line = [];
  }

  /** A stroke ends. */
  keep() {
    const before = this.#before;
    if (!before) return;
    this.#before = null;
    const now = this.#known;
    // Others may have painted meanwhile: what is theirs stays.
    if (!same(now.dabs, before.dabs)) {
      const own = this.dabs.slice(before.dabs.length);
      this.dabs = [...now.dabs, ...own].slice(0, 4 * MOST_DABS);
    }
    if (same(this.line, before.line)) this.line = now.line;
    this.#save();
  }

  /** The stroke under way was never there. @returns {boolean} whether there was one */
  cancel() {
    if (!this.#before) return false;
    this.#before = null;
    this.#take(this.#known);
    this.#change();
    return true;
  }

  /** Take all away. */
  wipe() {
    if (!this.dabs.length && !this.line.length) return;
    this.begin(true);
    this.dabs = [];
    this.keep();
  }

  get #layer() {
    return { dabs: [...this.dabs], line: [...this.line] };
  }

  /** What Python knows. @returns {Layer} */
  get #known() {
    const [dabs, line] = ["dabs", "line"].map((name) => [...toFloats(this.#model.get(name))]);
    return { dabs, line };
  }

  /** @param {Layer} layer */
  #take({ dabs, line }) {
    this.dabs = dabs;
    this.line = line;
  }

  /** In one message: one gesture. */
  #save() {
    const { dabs, line } = this.#layer;
    this.#saving = true;
    for (const [name, values] of /** @type {const} */ ([
      ["dabs", dabs],
      ["line", line],
    ])) {
      if (same(values, toFloats(this.#model.get(name)))) continue;
      this.#model.set(name, new DataView(Float32Array.from(values).buffer));
    }
    this.#saving = false;
    this.#model.save_changes();
    this.#change();
  }

  /** Python has painted, another page, or a step of the tape. */
  #read() {
    const { dabs, line } = this.#known;
    if (this.#saving || this.#before || (same(dabs, this.dabs) && same(line, this.line))) return;
    this.#take({ dabs, line });
    this.#change();
  }
}

/** As float32 has them. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function same(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (Math.fround(a[i]) !== Math.fround(b[i])) return false;
  return true;
}
