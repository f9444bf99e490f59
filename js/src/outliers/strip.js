/** The strangest rows in their order: each with what the model makes of it, and the difference. */
import { describeRow } from "../arithmetic/sum.js";
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { Roving } from "../roving.js";
import { divergingColors, Legend, paintDifference, scaleEnd } from "./diverging.js";
import { number, place } from "./words.js";

/**
 * @typedef {import("../space.js").Atlas} Atlas
 *
 * @typedef {object} Shown
 * @property {number[]} rows
 * @property {(number | null)[][]} values of each score shown; null where it is infinite
 * @property {number[][]} ranks
 * @property {boolean[] | null} normal
 * @property {Float32Array[]} zs
 * @property {Atlas | null} atlas
 * @property {Atlas | null} redrawn
 * @property {Int16Array | null} difference
 *
 * @typedef {object} Said
 * @property {string[]} names of the scores
 * @property {number} n how many rows there are
 * @property {import("../facts.js").Column[]} columns empty for given pictures
 * @property {boolean} held_out
 */

export class Strip {
  element = make("div", { class: "lw-strip" });

  #list = make("div", { class: "lw-tiles", role: "group", "aria-label": "The strangest rows" });
  #legend = new Legend();
  #key = make("span", { class: "lw-small lw-grow" });
  #hand;
  #roving;
  /** @type {Shown | null} */
  #shown = null;

  /**
   * @param {{ go: (index: number) => void, point: (row: number | null) => void }} hand
   * @param {AbortSignal} signal
   */
  constructor(hand, signal) {
    this.#hand = hand;
    const head = make("div", { class: "lw-row lw-key" }, this.#key, this.#legend.element);
    this.element.append(head, this.#list);
    const row = (/** @type {number | null} */ i) => (i === null ? null : this.#shown?.rows[i]);
    this.#roving = new Roving(this.#list, (i) => hand.point(row(i) ?? null), signal);
  }

  /** @param {Shown} shown @param {Said} said */
  show(shown, said) {
    this.#shown = shown;
    this.#roving.fit(shown.rows.length, makeTile, (i) => this.#hand.go(i));
    this.#list.classList.toggle("lw-plain", !shown.atlas);
    const [first, second] = said.names;
    const under = shown.difference ? "picture, redrawn by the model, difference; then " : "";
    this.#key.textContent = `${under}${[first, second].filter(Boolean).join(", ")}, each with rank`;
    for (const [i, tile] of this.#roving.tiles.entries()) this.#fill(tile, i, said);
  }

  /** @param {boolean} dark whether the background is */
  paint(dark) {
    const shown = this.#shown;
    this.#legend.element.hidden = !shown?.difference;
    if (!shown) return;
    const colors = divergingColors(dark);
    const end = shown.difference ? scaleEnd(shown.difference) : 0;
    [...this.#list.children].forEach((tile, i) => {
      const [own, drawn, apart] = [...tile.querySelectorAll("canvas")];
      own.hidden = !shown.atlas;
      drawn.hidden = !shown.redrawn;
      apart.hidden = !shown.difference;
      if (shown.atlas) paint(own, shown.atlas, i);
      if (shown.redrawn) paint(drawn, shown.redrawn, i);
      if (!shown.difference || !shown.atlas) return;
      const [, height, width] = shown.atlas.shape;
      const size = height * width;
      const part = shown.difference.subarray(i * size, (i + 1) * size);
      paintDifference(apart, part, width, end, colors);
    });
    if (shown.difference) this.#legend.show(end, colors);
  }

  /** @param {HTMLElement} tile @param {number} i @param {Said} said */
  #fill(tile, i, { names, n, columns, held_out }) {
    const { rows, values, ranks, normal } = /** @type {Shown} */ (this.#shown);
    const row = rows[i];
    const known = describeRow(columns, row);
    const short = held_out ? `picture ${row}` : known.short;
    const long = held_out ? short : known.long;
    const [name, list] = [...tile.children].slice(1);
    const odd = normal && !normal[i];
    const plain = !this.#shown?.atlas && !held_out;
    name.textContent = short === `#${row}` ? `row ${row}` : plain ? `row ${row} · ${short}` : short;
    tile.classList.toggle("lw-odd", Boolean(odd));
    const lines = names.map((label, score) => ({
      label,
      value: number(values[score][i]),
      rank: ranks[score][i],
    }));
    list.replaceChildren(
      ...lines.map(({ value, rank }) =>
        make("span", {}, make("b", {}, value), ` #${rank.toLocaleString("en")}`),
      ),
    );
    const texts = lines.map(({ label, value, rank }) => `${label} ${value}, ${place(rank, n)}`);
    const kind = normal ? (odd ? ", odd" : ", normal") : "";
    tile.title = `Move z to ${long}${kind}\n${texts.join("\n")}`;
    tile.setAttribute("aria-label", `${long}${kind}, ${texts.join(", ")}`);
  }
}

function makeTile() {
  const pictures = make("span", { class: "lw-three" });
  for (const title of ["picture", "redrawn by the model", "difference"]) {
    pictures.append(make("canvas", { title }));
  }
  return make(
    "button",
    { type: "button" },
    pictures,
    make("span", { class: "lw-name" }),
    make("span", { class: "lw-small lw-scores" }),
  );
}
