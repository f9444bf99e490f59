/** A map of two dimensions, seen as it is. */

/** @typedef {import("./sight.js").Seen} Seen */

export class Flat {
  dim = 2;
  reach = 1;
  box = null;
  outline = 0;

  /** @param {ArrayLike<number>} place @returns {Seen} */
  see(place) {
    return [place[0], place[1], 0];
  }

  /** @param {ArrayLike<number>} seen @returns {number[]} */
  place(seen) {
    return [seen[0], seen[1]];
  }

  /** @param {Float32Array} places @param {number} count @param {Float32Array} seen */
  spread(places, count, seen) {
    for (let row = 0; row < count; row += 1) {
      seen[3 * row] = places[2 * row];
      seen[3 * row + 1] = places[2 * row + 1];
      seen[3 * row + 2] = 0;
    }
  }

  look() {
    return { size: 1, opacity: 1, fog: 0 };
  }

  touchable() {
    return true;
  }

  /** @param {ArrayLike<number>} hand @returns {number[]} */
  at(hand) {
    return this.lead(hand);
  }

  /** @param {ArrayLike<number>} hand */
  lead(hand) {
    return this.place(hand);
  }

  /** @param {ArrayLike<number>} from @param {[number, number]} by */
  step(from, by) {
    return [from[0] + by[0], from[1] + by[1]];
  }

  /** @param {ArrayLike<number>} _from @param {ArrayLike<number>} to */
  line(_from, to) {
    return [to];
  }

  drag() {}

  reset() {}
}
