/** How much of the map is drawn in one frame, so that the page stays smooth. */

/** The points of a picture under the hand should take no longer; the frame has more to do. */
const MOVING_MS = 8;
/** At rest one slice of the picture takes so long. */
export const SLICE_MS = 10;
/** Longer than this between frames, and the hand feels it. */
const LATE_MS = 24;
/** Fewer blocks say too little of the map, however slow the machine. */
const FEWEST = 3;
/** A pause between frames that says nothing of how long they take. */
const PAUSE_MS = 200;

export class Pace {
  /** Blocks that are drawn while the map moves; few at first, since nothing was measured yet. */
  blocks = FEWEST;
  #last = -Infinity;
  #late = 0;
  #slow = 0;

  /**
   * A picture under the hand was drawn.
   * @param {number} took ms
   * @param {number} now ms
   * @param {number} all blocks there are
   */
  moved(took, now, all) {
    const since = now - this.#last;
    this.#last = now;
    // One slow or late frame is an accident. A graphics card says only by late ones that it has
    // too much to do.
    this.#slow = took > MOVING_MS ? this.#slow + 1 : 0;
    this.#late = since > LATE_MS && since < PAUSE_MS ? this.#late + 1 : 0;
    if (this.#slow > 1) this.#fit(took, this.blocks, all);
    else if (this.#late > 2) {
      this.#late = 0;
      this.blocks = Math.max(FEWEST, Math.floor(this.blocks * 0.7));
    } else if (took < MOVING_MS * 0.7 && since < LATE_MS) {
      this.blocks = Math.min(all, Math.ceil(this.blocks * 1.25));
    }
  }

  /**
   * So many blocks were drawn at rest: as many as fit are drawn in the next movement.
   * @param {number} took ms
   * @param {number} blocks
   * @param {number} all
   */
  rested(took, blocks, all) {
    this.#fit(took, blocks, all);
  }

  /** @param {number} took ms @param {number} blocks @param {number} all */
  #fit(took, blocks, all) {
    const fitting = Math.floor((MOVING_MS * 0.75 * blocks) / Math.max(took, 0.1));
    this.blocks = Math.min(Math.max(fitting, FEWEST), all);
  }
}

/**
 * The opacity of points that stand for several, so that crowds look as dense as with all of them.
 * @param {number} opacity of a point
 * @param {number} share of the points that is drawn
 */
export function weigh(opacity, share) {
  return 1 - (1 - opacity) ** Math.min(1 / share, 4);
}
