import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOf } from "../src/directions/matrix.js";
import { readDirections } from "../src/directions/read.js";
import { norm } from "../src/geometry/vector.js";
import { geometryOf, place } from "../src/geometry.js";

const SPHERE = { name: "hypersphere", radius: 2 };
const BALL = { name: "poincare", c: 2 };

/** @param {number[]} values */
const bytes = (...values) => new DataView(Float32Array.from(values).buffer);

/** @param {Record<string, any> | undefined} spec @param {number[]} vector @param {number[]} base */
function one(spec, vector, base, scale = 0.5) {
  const raw = { vector: bytes(...vector), base: bytes(...base), scale, method: "", about: "" };
  const found = readDirections({ smile: raw }, geometryOf(spec)).get("smile");
  assert.ok(found);
  return found;
}

/** @param {ArrayLike<number>} found @param {number[]} is @param {number} [within] */
function near(found, is, within = 1e-5) {
  const far = Math.max(...is.map((value, i) => Math.abs(value - found[i])));
  assert.ok(far <= within, `${[...Array.from(found)]} is not ${is}`);
}

test("in flat space a step is a step, whatever else z is", () => {
  const up = one(undefined, [0, 1], [5, 1]);
  assert.equal(up.amount([9, 2]), 2);
  near(up.move([9, 2], -3), [9, 0.5]);
  near(up.to([9, 2], 0), [9, 1]);
});

test("without any there are none", () => {
  assert.equal(readDirections(undefined, geometryOf(undefined)).size, 0);
});

// The numbers are those of analysis.Direction.
for (const [spec, vector, base, z, moved, amount] of /** @type {any[]} */ ([
  [
    SPHERE,
    ...[
      [0, 0.6, 0.8],
      [2, 0, 0],
      [1.3333333, 1.3333333, -0.6666667],
      [1.1430042, 1.6411348, -0.0147678],
      0.6018198,
    ],
  ],
  [
    BALL,
    ...[
      [0.6, 0, 0.8],
      [0.1, 0.2, 0],
      [-0.2, 0.1, 0.3],
      [-0.0590052, 0.1516205, 0.6253754],
      0.0634123,
    ],
  ],
])) {
  const way = one(spec, vector, base);

  test(`${spec.name}: a step leads where Python's does`, () => {
    near(way.move(z, 1.5), moved);
    assert.ok(Math.abs(way.amount(z) - amount) < 1e-5);
  });

  test(`${spec.name}: the slider finds its place, and the way back`, () => {
    for (const wanted of [-1, 0.25, 1]) {
      const there = way.to(z, wanted);
      assert.ok(Math.abs(way.amount(there) - wanted) < 1e-4, `${way.amount(there)}`);
      near(place(geometryOf(spec), there) ?? [], [...there]);
    }
    near(way.to(z, way.amount(z)), z);
  });
}

test("on a sphere transport keeps lengths, and at the opposite point it changes nothing", () => {
  const { transport } = geometryOf(SPHERE);
  const v = transport([2, 0, 0], [0, 2, 0], [0, 1, 1]);
  near(v, [-1, 0, 1]);
  assert.ok(Math.abs(norm(v) - Math.SQRT2) < 1e-12);
  near(transport([2, 0, 0], [-2, 0, 0], [0, 1, 1]), [0, 1, 1]);
});

test("on a sphere a place out of reach is as near as the way leads", () => {
  const way = one(SPHERE, [0, 1, 0], [2, 0, 0]);
  const end = way.to([0, 0.2, 1.99], 9);
  assert.ok(end.every(Number.isFinite));
});

test("the leak matrix has a row for each that was judged, and its strongest on the diagonal", () => {
  const leak = (/** @type {string} */ factor, /** @type {number} */ change) => {
    return { factor, word: "", change, readable: 0.9 };
  };
  const card = (/** @type {any[]} */ ...leaks) => /** @type {any} */ ({ leaks });
  const cards = {
    hat: card(leak("hat", 0.9), leak("turn", -0.1), leak("age", 0)),
    age: card(leak("age", -0.8), leak("hat", 0.2), leak("turn", 0)),
    unlabelled: card(),
  };
  const { factors, rows } = tableOf(["age", "unlabelled", "not yet", "hat"], cards);
  assert.deepEqual(factors, ["age", "hat", "turn"]);
  assert.deepEqual(
    rows.map(({ name, leaks }) => [name, ...leaks.map((one) => one?.change)]),
    [
      ["age", -0.8, 0.2, 0],
      ["hat", 0, 0.9, -0.1],
    ],
  );
  assert.deepEqual(tableOf([], {}), { factors: [], rows: [] });
});
