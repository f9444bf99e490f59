/** Where a slot can get its latent from. */

/**
 * @typedef {import("./space.js").Space} Space
 * @typedef {import("./facts.js").Facts} Facts
 * @typedef {import("./facts.js").Column} Column
 *
 * @typedef {{ kind: "z" } | { kind: "random" } | { kind: "selection" }
 *   | { kind: "row", row: number } | { kind: "class", column: string, category: string }
 *   | { kind: "quarter", column: string, end: "high" | "low" }} Source
 *
 * @typedef {object} Choice
 * @property {string} text
 * @property {Source} source
 *
 * @typedef {{ z: Float32Array, name: string }} Filling
 */

/**
 * What the rows offer, one group a column.
 * @param {Facts} facts
 * @returns {{ label: string, choices: Choice[] }[]}
 */
export function groups(facts) {
  return facts.columns.flatMap((column) => {
    const sources = kinds(column);
    if (sources.length < 2) return [];
    const choices = sources.map((source) => ({ text: nameOf(source), source }));
    return [{ label: `mean by ${words(column.name)}`, choices }];
  });
}

/**
 * What a source is called under its picture; Python's ArithmeticPanel.add takes the same names.
 * @param {Source} source
 */
export function nameOf(source) {
  if (source.kind === "row") return `row ${source.row}`;
  if (source.kind === "quarter") return `${source.end} ${words(source.column)}`;
  if (source.kind !== "class") return source.kind;
  const { column, category } = source;
  if (NOTHING.test(category)) return `no ${words(column)}`;
  const itself = category === column || /^(true|yes)$/i.test(category);
  if (itself) return words(column);
  return column === "label" ? category : `${words(column)}: ${category}`;
}

const NOTHING = /^(none|no|false|without)$/i;

/**
 * Find the latent of a source; as every question, only the newest of a channel is answered.
 * @param {Space} space
 * @param {string} channel
 * @param {Source} source
 * @returns {Promise<Filling | null>} null when there is none or a newer question came
 */
export async function fetchLatent(space, channel, source) {
  const name = nameOf(source);
  if (source.kind === "z") return { z: space.z, name };
  if (source.kind === "random") return named(await space.sample(), name);
  if (source.kind === "row") {
    return named((await space.data.rows(channel, [source.row]))?.zs[0], name);
  }
  if (source.kind === "class") {
    const { column, category } = source;
    return named((await space.data.mean(channel, { column, category }))?.z, name);
  }
  if (source.kind === "selection") {
    const rows = [...space.selection];
    if (rows.length === 0) return null;
    const text = `mean of ${rows.length} selected`;
    return named((await space.data.mean(channel, { rows }))?.z, text);
  }
  const column = space.facts.columns.find((one) => one.name === source.column);
  const rows = column ? quarter(column.values, source.end) : [];
  return named((await space.data.mean(channel, { rows }))?.z, name);
}

/**
 * The quarter of the rows with the highest or lowest values; of equal ones the earlier are lower.
 * @param {Float32Array} values
 * @param {"high" | "low"} end
 * @returns {number[]}
 */
export function quarter(values, end) {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const size = Math.ceil(order.length / 4);
  return end === "low" ? order.slice(0, size) : order.slice(order.length - size);
}

/** @typedef {{ text: string, plus: Source, minus: Source }} Suggestion */

/** How the data was divided says nothing about what is in it. */
const BOOKKEEPING = /^(split|subset|fold)$/i;

/**
 * Directions worth a try: labels first, then what half of the rows have and the others lack.
 * @param {Facts} facts
 * @param {number} most
 * @returns {Suggestion[]}
 */
export function suggestions(facts, most) {
  /** @type {[number, Suggestion][]} */
  const found = [];
  let numbers = 0;
  for (const column of facts.columns) {
    const all = kinds(column);
    if (all.length < 2 || BOOKKEEPING.test(column.name)) continue;
    if (!column.categories) {
      numbers += 1;
      found.push([numbers > 3 ? 4 : 2, pair(all[0], all[1])]);
      continue;
    }
    const minus = all.find((one) => one.kind === "class" && NOTHING.test(one.category)) ?? all[0];
    const plus = all.filter((one) => one !== minus);
    if (column.name === "label") {
      for (let i = 1; i < Math.min(all.length, 5); i++) found.push([0, pair(all[i], all[i - 1])]);
    } else found.push([all.length === 2 ? 1 : 3, pair(plus[0], minus)]);
  }
  // Sorting is stable: within a kind the order of the columns stays.
  found.sort(([a], [b]) => a - b);
  return found.slice(0, most).map(([, suggestion]) => suggestion);
}

/** @param {Source} plus @param {Source} minus @returns {Suggestion} */
function pair(plus, minus) {
  const text =
    minus.kind === "class"
      ? `${nameOf(plus)} − ${minus.category}`
      : nameOf(plus).replace(" ", " − low ");
  return { text, plus, minus };
}

/** @param {Column} column @returns {Source[]} */
function kinds({ name: column, categories, values }) {
  if (categories) {
    const present = new Set(values);
    return categories.flatMap((category, code) =>
      present.has(code) ? [{ kind: "class", column, category }] : [],
    );
  }
  if (values.length < 4 || values.every((value) => value === values[0])) return [];
  return ["high", "low"].map((end) => /** @type {Source} */ ({ kind: "quarter", column, end }));
}

/** @param {string} text */
function words(text) {
  return text.replaceAll("_", " ");
}

/** @param {Float32Array | null | undefined} z @param {string} name */
function named(z, name) {
  return z ? { z, name } : null;
}
