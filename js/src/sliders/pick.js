/** Which dimensions a list of sliders shows. */

/** Below this many nats a dimension says next to nothing about the data. */
export const ACTIVE_NATS = 0.05;

/**
 * @param {object} wish
 * @param {number[]} wish.order every dimension, the most informative first
 * @param {ArrayLike<number>} wish.kl nats per dimension
 * @param {string[]} wish.dimensions what each is called; may be empty, or end early
 * @param {number} wish.latent_dim only up to here they have numbers
 * @param {number} wish.shown how many to show while nothing is searched
 * @param {boolean} wish.active_only
 * @param {string} wish.query numbers and ranges, such as "3, 10-12", or a part of a
 *   meaning; empty for all
 * @returns {{ dims: number[], total: number }} what to list, and out of how many
 */
export function pick({ order, kl, dimensions, latent_dim, shown, active_only, query }) {
  // A number that follows another word than z is part of a name: channel 2.
  const wanted = /^[\sz\d,;-]*$/i.test(query) ? readNumbers(query) : null;
  if (wanted) {
    const dims = order.filter(
      (dim) => dim < latent_dim && wanted.some(([low, high]) => low <= dim && dim <= high),
    );
    return { dims, total: order.length };
  }
  const word = plain(query);
  if (word) {
    // Channel 1 is not the beginning of channel 12.
    const whole = /\d$/.test(word) ? `${word} ` : word;
    const dims = order.filter((dim) => `${plain(dimensions[dim] ?? "")} `.includes(whole));
    return { dims, total: order.length };
  }
  const dims = active_only ? order.filter((dim) => kl[dim] >= ACTIVE_NATS) : order;
  return { dims: dims.slice(0, shown), total: dims.length };
}

/** @param {string} text */
function plain(text) {
  return text
    .toLowerCase()
    .replace(/[\s_,]+/g, " ")
    .trim();
}

/**
 * @param {string} query
 * @returns {[number, number][] | null} inclusive ranges; null when nothing is asked for
 */
export function readNumbers(query) {
  const ranges = [...query.matchAll(/(\d+)(?:\s*-\s*z?(\d+))?/gi)];
  if (!ranges.length) return null;
  return ranges.map(([, from, to]) => {
    const ends = [Number(from), Number(to ?? from)];
    return [Math.min(...ends), Math.max(...ends)];
  });
}
