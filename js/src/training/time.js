/** Where a training is, in words. */

/**
 * @typedef {object} Status
 * @property {"ready" | "running" | "paused" | "stopped" | "finished" | "failed"} state
 * @property {number} epoch finished epochs, fractions included
 * @property {number} epochs
 * @property {number} seconds spent training
 * @property {number | null} left seconds, as far as one can tell
 */

/** @param {number} seconds @returns {string} */
export function duration(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** @param {number} epoch @returns {string} a whole number where it is one; never 0 but at 0 */
export function epochName(epoch) {
  if (Number.isInteger(epoch)) return String(epoch);
  return epoch < 1 ? String(Number(epoch.toPrecision(2))) : epoch.toFixed(1);
}

/** @param {Status} status @returns {string} */
export function describe({ state, epoch, epochs, seconds, left }) {
  if (state === "ready") return `${epochs} epochs to go`;
  const under_way = Math.min(Math.floor(epoch) + 1, epochs);
  const after = duration(seconds);
  if (state === "running") {
    const rest = left === null ? "" : `, about ${duration(left)} left`;
    return `epoch ${under_way} of ${epochs} · ${after}${rest}`;
  }
  if (state === "paused") return `paused after ${epochName(epoch)} of ${epochs} epochs`;
  const words = { finished: "finished", stopped: "stopped", failed: "failed" }[state];
  return `${words} after ${epochName(epoch)} of ${epochs} epochs · ${after}`;
}

/**
 * The moment nearest to a wish.
 * @param {number[]} moments in order
 * @param {number} wish
 * @returns {number | null} null when there is none
 */
export function nearest(moments, wish) {
  return moments.reduce(
    (/** @type {number | null} */ best, one) =>
      best === null || Math.abs(one - wish) < Math.abs(best - wish) ? one : best,
    null,
  );
}

/**
 * The moment some steps away, for keys.
 * @param {number[]} moments in order
 * @param {number} from
 * @param {number} steps
 * @returns {number | null}
 */
export function step(moments, from, steps) {
  const here = moments.indexOf(nearest(moments, from) ?? Number.NaN);
  return moments[Math.min(Math.max(here + steps, 0), moments.length - 1)] ?? null;
}
