/** Which part of a picture is taken: all of it, or as much as has the right proportions. */

/**
 * @typedef {import("./pixels.js").Box} Box
 *
 * @typedef {object} Window
 * @property {boolean} whole nothing is cut off; what is missing at the sides is filled
 * @property {number} zoom 1 takes as much as there is
 * @property {number} x where its middle is, in pixels of the picture
 * @property {number} y
 */

const CLOSEST = 8;

/** @param {number} width @param {number} height @returns {Window} all that can be taken */
export function widest(width, height) {
  return { whole: false, zoom: 1, x: width / 2, y: height / 2 };
}

/**
 * @param {Window} window
 * @param {number} width of the picture @param {number} height
 * @param {number} aspect width by height of what is wanted
 * @returns {Box}
 */
export function boxOf({ whole, zoom, x, y }, width, height, aspect) {
  const wide = whole ? Math.max(width, height * aspect) : Math.min(width, height * aspect);
  const box = { width: wide / (whole ? 1 : zoom), height: wide / aspect / (whole ? 1 : zoom) };
  if (whole) return { ...box, x: (width - box.width) / 2, y: (height - box.height) / 2 };
  return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
}

/**
 * The nearest window that lies within the picture.
 * @param {Window} window
 * @param {number} width @param {number} height @param {number} aspect
 * @returns {Window}
 */
export function within(window, width, height, aspect) {
  const zoom = Math.min(Math.max(window.zoom, 1), CLOSEST);
  const box = boxOf({ ...window, zoom, whole: false }, width, height, aspect);
  const hold = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ end) =>
    Math.min(Math.max(at, size / 2), end - size / 2);
  return {
    ...window,
    zoom,
    x: hold(window.x, box.width, width),
    y: hold(window.y, box.height, height),
  };
}
