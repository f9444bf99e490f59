/** What is known of a picture's honesty, in words. */

/**
 * @typedef {object} Verdict each NaN where nothing is known
 * @property {number} density the latent's percentile among the rows, 0 to 100
 * @property {number} round_trip multiple of the rows' median
 * @property {number} uncertainty multiple of the rows' median
 * @property {boolean} off below the first percentile, or a round trip beyond the 99th
 */

/** @param {Verdict} verdict @returns {string[]} a few words each, only of what is known */
export function words({ density, round_trip, uncertainty }) {
  const found = [];
  if (!Number.isNaN(density)) found.push(share(density));
  if (!Number.isNaN(round_trip)) found.push(`round trip ${times(round_trip)}`);
  if (!Number.isNaN(uncertainty)) found.push(`decoders differ ${times(uncertainty)}`);
  return found;
}

/** @param {Verdict} verdict @returns {string} for the hover of a small picture */
export function say(verdict) {
  const known = words(verdict).join(", ");
  return verdict.off ? `Off the data: ${known}` : known;
}

/** @param {number} percentile */
function share(percentile) {
  if (percentile < 1) return "sparser than 99 % of rows";
  if (percentile >= 100) return "denser than every row";
  return `denser than ${Math.floor(percentile)} % of rows`;
}

/** @param {number} ratio */
function times(ratio) {
  return ratio >= 10 ? `${ratio.toFixed(0)}×` : `${ratio.toFixed(1)}×`;
}
