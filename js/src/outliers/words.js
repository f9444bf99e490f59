/** What the panel says of scores. */

/**
 * @typedef {object} Score
 * @property {string} name
 * @property {string} label
 * @property {string} unit
 * @property {string} about
 * @property {string} fooled
 *
 * @typedef {object} Results
 * @property {boolean} [empty] whether there is nothing to compare with
 * @property {number} n
 * @property {boolean} held_out whether given pictures are scored
 * @property {boolean} pictures whether the pictures themselves are at hand
 * @property {string} score
 * @property {string} beside
 * @property {Score[]} offered
 * @property {string[]} left_out
 * @property {string[]} notes
 * @property {Record<string, number>} auroc
 * @property {number | null} normal how many are
 * @property {number} measured
 */

/** @param {Results} results @param {string} name @returns {Score | undefined} */
export function scoreOf(results, name) {
  return results.offered.find((one) => one.name === name);
}

/** @param {Results} results what is scored, in a few words */
export function about({ n, held_out, normal }) {
  const what = `${n.toLocaleString("en")} ${held_out ? "given pictures" : "rows"}`;
  return normal === null ? what : `${what}, ${normal.toLocaleString("en")} of them normal`;
}

/** @param {Results} results why there are two */
export function warning(results) {
  const said = [results.score, results.beside].flatMap((name) => {
    const score = scoreOf(results, name);
    return score ? [`${score.label} by ${score.fooled}`] : [];
  });
  return `One score can be fooled, so look at two: ${said.join("; ")}.`;
}

/** @param {number | null} value null where it is beyond all numbers */
export function number(value) {
  if (value === null) return "\u221e";
  const size = Math.abs(value);
  const text = size >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return text.replace("-", "\u2212");
}

/** @param {number} rank @param {number} n the share of rows that are at least as odd, in words */
export function place(rank, n) {
  return `${rank.toLocaleString("en")} of ${n.toLocaleString("en")}`;
}
