import assert from "node:assert/strict";
import { test } from "node:test";
import { add } from "../src/painter/brush.js";
import { Follow } from "../src/painter/follow.js";
import { softness } from "../src/scatter/dabs.js";

const INK = { tool: "lighter", size: 0.1, strength: 1, color: [1, 1, 1] };
const view = (/** @type {number[]} */ ...values) => new DataView(Float32Array.from(values).buffer);

test("a stroke keeps no place twice", () => {
  const places = [0.5, 0.5];
  add(places, [0.501, 0.5]);
  add(places, [0.6, 0.5]);
  assert.deepEqual(places, [0.5, 0.5, 0.6, 0.5]);
});

test("a dab is soft", () => {
  assert.equal(softness(0), 1);
  assert.equal(softness(1), 0);
  assert.equal(softness(0.5), 0.5625);
});

test("a stroke is asked about until z has followed it, one question at a time", async () => {
  /** @type {any[]} */
  const asked = [];
  /** @type {any} */
  const ask = {
    ask: async (
      /** @type {string} */ op,
      /** @type {any} */ params,
      /** @type {ArrayLike<number>[]} */ [places],
    ) => {
      asked.push({ op, ...params, places: places.length });
      const settled = params.last && asked.length >= 4;
      return { content: { settled, shape: [1, 1] }, buffers: [view(asked.length), view(0)] };
    },
  };
  /** @type {(number | null)[]} */
  const told = [];
  await new Promise((done) => {
    const follow = new Follow(ask, INK, new Float32Array(1), (one) => {
      told.push(one?.z[0] ?? null);
      if (told.length === 2) follow.end();
      if (!one) done(null);
    });
    follow.draw([0, 0]);
    follow.draw([0, 0, 1, 1]);
  });
  assert.deepEqual(told, [1, 2, 3, 4, null]);
  assert.deepEqual(
    asked.map(({ first }) => first),
    [true, false, false, false],
  );
  assert.deepEqual(
    asked.map(({ places }) => places),
    [2, 4, 4, 4],
  );
  assert.equal(new Set(asked.map(({ stroke }) => stroke)).size, 1);
});
