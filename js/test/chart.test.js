import assert from "node:assert/strict";
import { test } from "node:test";
import { readChart } from "../src/chart.js";
import { geometryOf } from "../src/geometry.js";
import { Linear } from "../src/linear.js";
import { Remote } from "../src/remote.js";
import { Pilot } from "../src/scatter/pilot.js";
import { Stored } from "../src/stored.js";

/** @param {ArrayLike<number>} values */
const bytes = (values) => new DataView(Float32Array.from(values).buffer);
/** @param {Record<string, any>} traits */
const model = (traits) =>
  /** @type {any} */ ({ get: (/** @type {string} */ name) => traits[name] });

/** A kernel that doubles, and answers when it is told to. */
function makeKernel() {
  /** @type {{ op: string, vectors: Float32Array[], answer: () => Promise<void> }[]} */
  const asked = [];
  const ask = {
    ask: (/** @type {string} */ op, /** @type {any} */ _, /** @type {Float32Array[]} */ vectors) =>
      new Promise((resolve) => {
        const answer = async () => {
          const content = { row: 3, distance: 0.5, spread: 2 };
          resolve({ content, buffers: [bytes(vectors[0].map((value) => 2 * value))] });
          await new Promise((done) => setTimeout(done));
        };
        asked.push({ op, vectors, answer });
      }),
  };
  return { ask: /** @type {any} */ (ask), asked };
}

test("slanted axes lead back to where they came from, and leave the rest as it is", () => {
  const traits = {
    center: bytes([1, 0, 0]),
    components: bytes([1, 0, 0, 0.6, 0.8, 0]),
    // The pseudo-inverse, from the definition: the components times it give the identity.
    chart: { kind: "linear", back: bytes([1, -0.75, 0, 0, 1.25, 0]) },
  };
  const space = /** @type {any} */ ({ geometry: geometryOf(undefined), facts: { latent_dim: 3 } });
  const xy = Float32Array.of(0, 0, 4, 0);
  const chart = readChart(model(traits), xy, space, makeKernel().ask, () => {});
  const z = /** @type {Float32Array} */ (chart.inverse([2, 5], Float32Array.of(0, 0, 7)));
  const [x, y] = chart.transform(z);
  assert.ok(Math.abs(x - 2) < 1e-5 && Math.abs(y - 5) < 1e-5);
  assert.equal(z[2], 7);
  assert.ok(chart instanceof Linear && !chart.upright);
  assert.deepEqual(chart.around([3, 0]), { rows: [1], weights: [1], distance: 1, spread: null });
});

test("a network runs as Python's does", () => {
  // One number in, one hidden pair a layer, one out: worked out by hand.
  const silu = (/** @type {number} */ x) => x / (1 + Math.exp(-x));
  const part = (/** @type {number[]} */ values) => ({
    shape: [values.length],
    values: bytes(values),
  });
  const way = {
    ...{ shift_in: part([1]), scale_in: part([2]), shift_out: part([10]), scale_out: part([3]) },
    ...{ weight0: part([1, -1]), bias0: part([0, 0.5]), weight1: part([1, 0, 0, 2]) },
    ...{ bias1: part([0, 0]), weight2: part([1, 1]), bias2: part([0.25]) },
  };
  const network = Object.fromEntries(
    ["forward", "backward"].flatMap((name) =>
      Object.entries(way).map(([key, value]) => [`${name}.${key}`, value]),
    ),
  );
  const space = /** @type {any} */ ({ geometry: geometryOf(undefined), facts: { latent_dim: 1 } });
  const traits = { chart: { kind: "network", network, dim: 1 } };
  const chart = readChart(model(traits), Float32Array.of(0, 5), space, makeKernel().ask, () => {});
  const [found] = chart.transform([4]);
  const wanted = 10 + 3 * (silu(silu(1.5)) + silu(2 * silu(-1)) + 0.25);
  assert.ok(Math.abs(found - wanted) < 1e-5);
  assert.equal(chart.around([4])?.rows[0], 1);
});

test("the kernel is asked for places once, and all of a turn together", async () => {
  const { ask, asked } = makeKernel();
  let changes = 0;
  const chart = new Remote(ask, () => {
    changes += 1;
  });
  assert.ok(Number.isNaN(chart.transform([1, 2])[0]));
  assert.ok(Number.isNaN(chart.transform([3, 4])[0]));
  await Promise.resolve();
  assert.deepEqual([...asked[0].vectors[0]], [1, 2, 3, 4]);
  await asked[0].answer();
  assert.deepEqual(
    [chart.transform([1, 2]), chart.transform([3, 4])],
    [
      [2, 4],
      [6, 8],
    ],
  );
  assert.deepEqual([changes, asked.length], [1, 1]);
});

/** @param {import("../src/chart.js").Chart} chart */
function makePilot(chart) {
  const space = {
    z: Float32Array.of(0, 0),
    geometry: geometryOf(undefined),
    gesture: () => "g",
    emit() {},
    /** @type {number[][]} */
    written: [],
    /** @param {ArrayLike<number>} z */
    write(z) {
      this.z = Float32Array.from(z);
      this.written.push(Array.from(z));
    },
  };
  return { space, pilot: new Pilot(/** @type {any} */ (space), chart) };
}

test("under a hand that never rests the latent follows the kernel's answers, the newest next", async () => {
  const { ask, asked } = makeKernel();
  const { space, pilot } = makePilot(new Remote(ask, () => {}));
  pilot.grab([0, 0], [0, 0]);
  pilot.drag([1, 1]);
  pilot.drag([2, 2]);
  pilot.drag([3, 3]);
  assert.deepEqual(pilot.cursor, [3, 3], "the cursor stays in the hand");
  await asked[0].answer();
  pilot.drag([4, 4]);
  await asked[1].answer();
  await asked[2].answer();
  assert.deepEqual(space.written, [
    [2, 2],
    [6, 6],
    [8, 8],
  ]);
  assert.deepEqual(pilot.cursor, [4, 4]);
  space.write([9, 9]);
  assert.equal(pilot.placed, null, "somebody else has moved it");
});

test("on a laid-out map the cursor stays where the hand put it, until somebody else moves z", () => {
  const points = Float32Array.of(0, 0, 1, 0, 0, 1, 5, 5);
  const xy = Float32Array.of(0, 0, 10, 0, 0, 10, 10, 10);
  const { space, pilot } = makePilot(new Stored(points, xy, 2, geometryOf(undefined), { k: 3 }));
  pilot.moveTo([4, 3]);
  assert.deepEqual(pilot.cursor, [4, 3]);
  assert.equal(space.written.length, 1);
  space.write([5, 5]);
  assert.deepEqual(pilot.cursor, [10, 10]);
  pilot.free = false;
  pilot.moveTo([1, 1]);
  pilot.grab([1, 1], [1, 1]);
  pilot.drag([2, 2]);
  assert.equal(space.written.length, 2, "a map that is being laid out cannot be used");
});
