/** Which dimensions a mixture takes, in words and in numbers. */

/**
 * Some dimensions of one latent, the rest of another.
 * @param {Float32Array} a gives the rest
 * @param {Float32Array} b gives `dims`
 * @param {number[]} dims
 */
export function mix(a, b, dims) {
  const mixed = a.slice();
  for (const dim of dims) mixed[dim] = b[dim];
  return mixed;
}

/** @param {number[]} dims ascending @returns {string} "0-3, 7" */
export function writeDims(dims) {
  /** @type {[number, number][]} */
  const runs = [];
  for (const dim of dims) {
    const last = runs.at(-1);
    if (last && dim === last[1] + 1) last[1] = dim;
    else runs.push([dim, dim]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

/**
 * @param {string} text "0-3, 7"; empty for none
 * @param {number} d how many there are
 * @returns {number[]} ascending, each once
 * @throws {Error} a sentence for people
 */
export function readDims(text, d) {
  const found = new Set();
  for (const part of text.split(/[,;\s]+/).filter(Boolean)) {
    const [, from, to = from] = /^(\d+)(?:[-–:](\d+))?$/.exec(part) ?? [];
    if (from === undefined || Number(to) < Number(from) || Number(to) >= d)
      throw new Error(`"${part}" is no range of dimensions from 0 to ${d - 1}, such as 0-3, 7.`);
    for (let dim = Number(from); dim <= Number(to); dim++) found.add(dim);
  }
  return [...found].sort((a, b) => a - b);
}

/** @param {number[]} a @param {number[]} b */
export function same(a, b) {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
