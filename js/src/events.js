/** What a space tells its panels, by the name of the event. */

/**
 * @typedef {object} Events
 * @property {Float32Array} z
 * @property {import("./feed.js").Frame} frame
 * @property {Int32Array} selection
 * @property {number} hover id of the row under a pointer on some map, -1 for none
 * @property {import("./overlays.js").Path | null} path
 * @property {import("./feed.js").Notice | null} notice
 * @property {string} waiting
 * @property {import("./decode/engine.js").Engine} engine
 * @property {null} model there is another one
 * @property {null} columns there are others
 * @property {Map<string, import("./overlays.js").Drawing>} overlays
 * @property {Map<string, import("./directions/read.js").Direction>} directions
 */

export {};
