import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "../src/emitter.js";
import { Echo } from "../src/scatter/echo.js";

const theme = { text: [0, 0, 0], background: [255, 255, 255], accent: [9, 9, 9], dark: false };
const camera = { toPage: (/** @type {number} */ x, /** @type {number} */ y) => [10 * x, -10 * y] };

/** Where rings are drawn while a row is hovered. @param {number} row @param {object} [other] */
function rings(row, other = {}) {
  /** @type {number[][]} */
  const drawn = [];
  const pen = new Proxy(/** @type {any} */ ({}), {
    get: (_, name) =>
      name === "arc" ? (/** @type {number[]} */ ...at) => drawn.push(at.slice(0, 2)) : () => {},
    set: () => true,
  });
  const scene = { ring: null, size: 4 };
  const space = new Emitter();
  const view = { above: [], scene, redraw: () => {}, marks: { shows: () => true }, ...other };
  const stage = { deep: false };
  const places = { count: 2, flat: Float32Array.of(0, 0, 3, 4), stage };
  new Echo(/** @type {any} */ ({ space, view, places, signal: new AbortController().signal }));
  space.emit("hover", row);
  for (const one of /** @type {any[]} */ (view.above)) one.draw(pen, camera, theme);
  return drawn;
}

test("the row under the pointer of another map has a ring where it lies on this one", () => {
  assert.deepEqual(rings(1), [[30, -40]]);
  assert.deepEqual(rings(-1), []);
});

test("there is none under the own pointer, of a hidden row, or of one that is not there", () => {
  assert.deepEqual(rings(1, { scene: { ring: [3, 4], size: 4 } }), []);
  assert.deepEqual(rings(1, { marks: { shows: () => false } }), []);
  assert.deepEqual(rings(2), []);
});

test("a map that is closed under the pointer leaves no ring on the others", () => {
  const [space, closed] = [new Emitter(), new AbortController()];
  /** @type {number[]} */
  const heard = [];
  space.subscribe("hover", (row) => heard.push(row));
  const view = { above: [], scene: { ring: [3, 4], size: 4 }, redraw: () => {} };
  new Echo(/** @type {any} */ ({ space, view, places: {}, signal: closed.signal }));
  closed.abort();
  assert.deepEqual(heard, [-1]);
});
