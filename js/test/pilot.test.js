import assert from "node:assert/strict";
import { test } from "node:test";
import { geometryOf } from "../src/geometry.js";
import { Linear } from "../src/linear.js";
import { Pilot } from "../src/scatter/pilot.js";

/** A space of three dimensions; the map shows the first two. */
function makeSpace() {
  /** @type {((answer: any) => void)[]} */
  const answers = [];
  const space = {
    z: Float32Array.of(0, 0, 7),
    geometry: geometryOf(undefined),
    /** @type {[number[], string][]} */
    written: [],
    gestures: 0,
    gesture() {
      this.gestures += 1;
      return `g${this.gestures}`;
    },
    /** @param {Float32Array} z @param {string} gesture */
    write(z, gesture) {
      this.z = Float32Array.from(z);
      this.written.push([[...this.z], gesture]);
    },
    data: { rows: () => new Promise((answer) => answers.push(answer)) },
  };
  const linear = new Linear(new Float32Array(3), Float32Array.of(1, 0, 0, 0, 1, 0));
  const pilot = new Pilot(/** @type {any} */ (space), linear);
  return { space, pilot, answers };
}

test("a drag keeps the hand's distance, one gesture, and what the map does not show", () => {
  const { space, pilot } = makeSpace();
  pilot.grab([1, 1], [0, 0]);
  pilot.drag([2, 1]);
  pilot.drag([3, 4]);
  pilot.drop();
  pilot.drag([9, 9]);
  assert.deepEqual(space.written, [
    [[1, 0, 7], "g1"],
    [[2, 3, 7], "g1"],
  ]);
});

test("a jump takes the row's latent as it is", async () => {
  const { space, pilot, answers } = makeSpace();
  const jump = pilot.jump(3);
  answers[0]({ zs: [Float32Array.of(4, 5, 6)] });
  await jump;
  assert.deepEqual([...space.z], [4, 5, 6]);
  assert.deepEqual(pilot.cursor, [4, 5]);
});

test("a late answer moves nothing once the hand did something else", async () => {
  const { space, pilot, answers } = makeSpace();
  const jump = pilot.jump(3);
  pilot.moveTo([1, 2]);
  answers[0]({ zs: [Float32Array.of(4, 5, 6)] });
  await jump;
  assert.deepEqual([...space.z], [1, 2, 7]);
});

test("the first click of a double click is taken back, in the same step of undo", () => {
  const { space, pilot } = makeSpace();
  pilot.moveTo([1, 2]);
  pilot.takeBack();
  assert.deepEqual(space.written, [
    [[1, 2, 7], "g1"],
    [[0, 0, 7], "g1"],
  ]);
});

test("a held key is one step of undo, another press another", () => {
  const { space, pilot } = makeSpace();
  pilot.step([1, 0], false);
  pilot.step([1, 0], true);
  pilot.step([0, 1], false);
  assert.deepEqual(
    space.written.map(([, gesture]) => gesture),
    ["g1", "g1", "g2"],
  );
  assert.deepEqual([...space.z], [2, 1, 7]);
});

test("on a sphere the hand keeps its place on the map and the latent its side of the sphere", () => {
  const { space, pilot } = makeSpace();
  space.geometry = geometryOf({ name: "hypersphere", radius: 1 });
  for (const side of [1, -1]) {
    space.z = Float32Array.of(0, 0, side);
    pilot.grab([0, 0], [0, 0]);
    pilot.drag([0.6, 0]);
    pilot.drop();
    const [x, y, z] = space.z;
    assert.ok(Math.abs(x - 0.6) < 1e-6 && y === 0 && Math.abs(z - 0.8 * side) < 1e-6);
  }
  pilot.grab([0, 0], [0, 0]);
  pilot.drag([3, 4]);
  const [x, y, z] = space.z;
  assert.ok(Math.abs(x - 0.6) < 1e-3 && Math.abs(y - 0.8) < 1e-3 && z < 0);
});

test("on a sphere the cursor follows from the rim too, and goes to the rim from outside", () => {
  const { space, pilot } = makeSpace();
  space.geometry = geometryOf({ name: "hypersphere", radius: 1 });
  space.z = Float32Array.of(1, 0, 0);
  pilot.moveTo([0.6, 0]);
  assert.ok(space.z.every((value, i) => Math.abs(value - [0.6, 0, 0.8][i]) < 1e-6));
  pilot.moveTo([-3, 4]);
  const [x, y, beside] = space.z;
  assert.ok(Math.abs(x + 0.6) < 1e-3 && Math.abs(y - 0.8) < 1e-3 && beside > 0);
  space.z = Float32Array.of(0, 0, -1);
  pilot.moveTo([0, 0.8]);
  assert.ok(space.z.every((value, i) => Math.abs(value - [0, 0.8, -0.6][i]) < 1e-6));
});
