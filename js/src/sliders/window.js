/** Which rows of a long scrolling grid are worth having. */

/** Rows kept ready above and below, so that scrolling and Tab always find the next one. */
const MARGIN = 2;

/**
 * @param {object} view
 * @param {number} view.top how far it is scrolled, in pixels
 * @param {number} view.height what is seen of it, in pixels
 * @param {number} view.row height of one row in pixels
 * @param {number} view.columns items side by side
 * @param {number} view.count items in all
 * @returns {{ from: number, to: number }} items from (inclusive) to (exclusive)
 */
export function visible({ top, height, row, columns, count }) {
  const first = Math.max(0, Math.floor(top / row) - MARGIN);
  const last = Math.ceil((top + height) / row) + MARGIN;
  return { from: Math.min(first * columns, count), to: Math.min(last * columns, count) };
}
