/** What a step along each direction moves: the leak matrix. */
import { button, make } from "../dom.js";
import { MATRIX } from "./texts.js";

/**
 * @typedef {import("./card.js").Leak} Leak
 * @typedef {import("./card.js").Report} Report
 *
 * @typedef {object} Table
 * @property {string[]} factors
 * @property {{ name: string, leaks: (Leak | undefined)[] }[]} rows
 */

/** Smaller changes are left out, and larger ones have all the colour. */
const [SAID, FULL] = [0.05, 1];
const READABLE = 0.1;
/** The darkest background that text is still read on, in per cent. */
const DEEPEST = 45;

/**
 * Those that are judged, in the order of the directions, and factors in that of the first.
 * @param {string[]} names @param {Record<string, Report>} cards
 * @returns {Table}
 */
export function tableOf(names, cards) {
  const judged = names.filter((name) => cards[name]?.leaks.length);
  const factors = [
    ...new Set(judged.flatMap((name) => cards[name].leaks.map((one) => one.factor))),
  ];
  const rows = judged.map((name) => {
    const found = new Map(cards[name].leaks.map((leak) => [leak.factor, leak]));
    return { name, leaks: factors.map((factor) => found.get(factor)) };
  });
  // What each moves the most makes a diagonal.
  const first = (/** @type {number} */ i) => {
    const at = rows.findIndex(({ leaks }) => {
      const most = Math.max(...leaks.map((leak) => Math.abs(leak?.change ?? 0)));
      return Math.abs(leaks[i]?.change ?? 0) === most;
    });
    return at < 0 ? rows.length : at;
  };
  const order = factors.map((_, i) => i).sort((a, b) => first(a) - first(b));
  return {
    factors: order.map((i) => factors[i]),
    rows: rows.map(({ name, leaks }) => ({ name, leaks: order.map((i) => leaks[i]) })),
  };
}

export class Matrix {
  element = make("details", { class: "lw-matrix", hidden: true });
  #table = make("table");
  #choose;
  #signal;

  /** @param {(name: string) => void} choose @param {AbortSignal} signal */
  constructor(choose, signal) {
    this.#choose = choose;
    this.#signal = signal;
    const summary = make("summary", {}, "leak matrix: what each of them moves");
    const wide = make("div", { class: "lw-wide" }, this.#table);
    this.element.append(summary, wide, make("p", { class: "lw-small" }, MATRIX));
  }

  /** @param {string[]} names @param {Record<string, Report>} cards @param {string} shown */
  show(names, cards, shown) {
    const { factors, rows } = tableOf(names, cards);
    this.element.hidden = rows.length < 2;
    if (rows.length < 2) return;
    const heads = factors.map((factor) => {
      const text = make("span", {}, factor.replaceAll("_", " "));
      return make("th", { scope: "col" }, text);
    });
    const lines = rows.map(({ name, leaks }) => {
      const choose = button(name, `Show ${name}`, () => this.#choose(name), this.#signal);
      choose.setAttribute("aria-pressed", String(name === shown));
      const head = make("th", { scope: "row" }, choose);
      return make("tr", {}, head, ...leaks.map((leak) => cell(name, leak)));
    });
    const top = make("thead", {}, make("tr", {}, make("td"), ...heads));
    this.#table.replaceChildren(top, make("tbody", {}, ...lines));
  }
}

/** @param {string} name @param {Leak | undefined} leak */
function cell(name, leak) {
  if (!leak) return make("td");
  const { factor, word, change, readable } = leak;
  const value = `${change >= 0 ? "+" : "−"}${Math.abs(change).toFixed(2)}`;
  const what = (word && word !== factor ? `${factor}: ${word}` : factor).replaceAll("_", " ");
  const read = `a linear probe reads ${Math.round(100 * readable)} % of it`;
  const title = `A step along ${name} moves ${what} by ${value} standard deviations; ${read}`;
  const made = make("td", { title }, Math.abs(change) < SAID ? "·" : value);
  made.classList.toggle("lw-faint", readable < READABLE);
  made.classList.toggle("lw-less", change < 0);
  const depth = DEEPEST * Math.min(Math.abs(change) / FULL, 1);
  made.style.setProperty("--lw-depth", `${depth.toFixed(0)}%`);
  return made;
}
