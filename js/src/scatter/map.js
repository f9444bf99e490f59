/**
 * What every feature of the map is given.
 *
 * @typedef {object} Map_
 * @property {import("@anywidget/types").AnyModel} model
 * @property {import("../space.js").Space} space
 * @property {import("./view.js").View} view
 * @property {import("./places.js").Places} places
 * @property {import("./pilot.js").Pilot} pilot
 * @property {import("./hands.js").Hands} hands
 * @property {import("./toolbar.js").Toolbar} toolbar
 * @property {HTMLElement} root
 * @property {AbortSignal} signal
 */
export {};
