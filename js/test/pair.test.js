import assert from "node:assert/strict";
import { test } from "node:test";
import { Pair } from "../src/decode/pair.js";

/**
 * @param {"worker" | "main thread"} place
 * @param {number} least milliseconds
 */
function fake(place, least) {
  const fake = {
    place,
    least,
    decoded: 0,
    closed: false,
    decode: async () => {
      fake.decoded += 1;
      return { shape: [1, 1, 1, 1], pixels: new Uint8Array(1), ms: fake.least };
    },
    measure: async () => ({ ms: fake.least, least: fake.least, trip: fake.least + 5 }),
    close: () => {
      fake.closed = true;
    },
  };
  return /** @type {any} */ (fake);
}
const z = new Float32Array(2);

test("brief pictures are decoded on the page, strips in the worker", async () => {
  const [far, near] = [fake("worker", 2), fake("main thread", 2)];
  const pair = new Pair(far, near);
  await pair.decode(z, { urgent: true });
  assert.deepEqual([far.decoded, near.decoded, pair.place], [1, 0, "worker"]);
  assert.equal((await pair.measure()).trip, 7);
  await pair.decode(z, { urgent: true });
  await pair.decode(z);
  assert.deepEqual([far.decoded, near.decoded, pair.place], [2, 1, "main thread"]);
  pair.close();
  assert.ok(far.closed && near.closed);
});

test("a decoder that got slow leaves the page, and comes back", async () => {
  const [far, near] = [fake("worker", 2), fake("main thread", 2)];
  const pair = new Pair(far, near);
  await pair.measure();
  near.least = 9;
  assert.equal((await pair.measure()).ms, 2);
  assert.equal(pair.place, "worker");
  near.least = 1;
  await pair.measure();
  assert.equal(pair.place, "main thread");
});

test("without one on the page the worker does all", async () => {
  const far = fake("worker", 90);
  const pair = new Pair(far, null);
  assert.equal((await pair.measure()).ms, 90);
  await pair.decode(z, { urgent: true });
  assert.deepEqual([far.decoded, pair.place], [1, "worker"]);
});
