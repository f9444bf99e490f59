/** How the places of a map are seen: as they are, turned, on a globe, or on a disc one walks over. */
import { Disc } from "./disc.js";
import { Flat } from "./flat.js";
import { Globe } from "./globe.js";
import { ballAround, Turn } from "./turn.js";

/**
 * @typedef {import("./camera.js").Box} Box
 * @typedef {import("./depth.js").Look} Look
 * @typedef {[number, number, number]} Seen to the right, up, and how far before the middle
 *
 * @typedef {object} Sight
 * @property {number} dim dimensions of the map
 * @property {number} reach how far before and behind the middle there are points
 * @property {Box | null} box what the view shows at first; what is around the points when null
 * @property {number} outline the radius of the ball or disc around everything; 0 without one
 * @property {(place: ArrayLike<number>) => Seen} see where a place is seen
 * @property {(seen: ArrayLike<number>) => number[]} place its inverse
 * @property {(places: Float32Array, count: number, seen: Float32Array) => void} spread `see` for rows
 * @property {(near: number) => Look} look of a point, by its share of the way from the far end (0)
 *   to the near one (1)
 * @property {(near: number) => boolean} touchable whether a hand reaches what is so deep
 * @property {(hand: ArrayLike<number>, cursor: Seen) => number[]} lead the place to which a hand
 *   leads the cursor, that was seen there when the hand took it
 * @property {(hand: ArrayLike<number>, cursor: Seen) => number[]} at what a click means
 * @property {(from: ArrayLike<number>, by: [number, number]) => number[]} step of a key
 * @property {(from: ArrayLike<number>, to: ArrayLike<number>) => ArrayLike<number>[]} line what
 *   comes after the first place on the way to another
 * @property {(from: ArrayLike<number>, to: ArrayLike<number>) => void} drag what the hand holds of
 *   the background goes with it
 * @property {() => void} reset as at first
 */

/**
 * @param {Float32Array} places of the rows, `dim` numbers each
 * @param {number} dim 2 or 3
 * @param {string} method how they were projected
 * @param {number} reach how far from zero a latent can be
 * @returns {Flat | Turn | Globe | Disc}
 */
export function sightOf(places, dim, method, reach) {
  if (method === "sphere") return new Globe();
  if (method === "disc") return dim === 2 ? new Disc(reach) : new Turn([0, 0, 0], reach);
  if (dim === 2) return new Flat();
  const { middle, reach: far } = ballAround(places);
  return new Turn(middle, far);
}

/**
 * The row that is meant by a pointer: of those drawn under it the foremost, else the nearest.
 * @param {Float32Array} seen three numbers a row
 * @param {ArrayLike<number>} hand
 * @param {{ size: number, reach: number }} far half a point, and how near to one is near enough
 * @param {(row: number) => boolean} accept
 * @returns {number} -1 for none
 */
export function foremost(seen, hand, { size, reach }, accept) {
  const [x, y] = [hand[0], hand[1]];
  let [under, front] = [-1, -Infinity];
  let [beside, best] = [-1, reach * reach];
  for (let row = 0, at = 0; at < seen.length; row += 1, at += 3) {
    const distance = (seen[at] - x) ** 2 + (seen[at + 1] - y) ** 2;
    if (distance > reach * reach || !accept(row)) continue;
    if (distance <= size * size && seen[at + 2] > front) [under, front] = [row, seen[at + 2]];
    if (distance <= best) [beside, best] = [row, distance];
  }
  return under >= 0 ? under : beside;
}
