import assert from "node:assert/strict";
import { test } from "node:test";
import { cut } from "../src/arithmetic/formula.js";
import {
  analogous,
  checkWeight,
  describeRow,
  emptyTerms,
  extended,
  MOST_TERMS,
  stepWeight,
  total,
  write,
} from "../src/arithmetic/sum.js";
import { geometryOf } from "../src/geometry.js";
import { Saver } from "../src/saver.js";

const flat = geometryOf(undefined);

test("a sum weighs what is filled and skips what is not", () => {
  const [a, b, c] = emptyTerms();
  assert.deepEqual([a.weight, b.weight, c.weight], [1, -1, 1]);
  assert.equal(total([a, b, c], flat), null);
  assert.deepEqual(
    total([{ ...a, z: [1, 2] }, { ...b, z: [0.5, 4] }, c], flat),
    Float32Array.of(0.5, -2),
  );
  assert.deepEqual(total([{ ...a, weight: 0, z: [1, 2] }], flat), Float32Array.of(0, 0));
});

test("a sum is rounded once, at the end", () => {
  const terms = [1e8, 1, -1e8].map((value) => ({ weight: 1, name: "", z: [value] }));
  assert.deepEqual(total(terms, flat), Float32Array.of(1));
});

test("keys step a strength, Home takes it back to one of its sign", () => {
  assert.equal(stepWeight(1, "ArrowRight", false), 1.05);
  assert.equal(stepWeight(0.1, "ArrowDown", true), -0.4);
  assert.equal(stepWeight(1.9, "ArrowUp", true), 2);
  assert.deepEqual([stepWeight(-0.3, "Home", false), stepWeight(0, "Home", true)], [-1, 1]);
  assert.equal(stepWeight(1, "x", false), null);
});

test("strengths stay within two and carry two digits", () => {
  assert.deepEqual([9, -9, 0.30000000000000004].map(checkWeight), [2, -2, 0.3]);
});

test("a row is known by its label, or else by its number", () => {
  const label = { name: "label", categories: ["cat", "dog"], values: Float32Array.of(1, 0) };
  const size = { name: "paw_size", categories: null, values: Float32Array.of(1.23456, 2) };
  assert.deepEqual(describeRow([size, label], 0), {
    short: "dog",
    long: "row 0, paw size: 1.23, label: dog",
  });
  assert.equal(describeRow([size], 1).short, "#1");
});

test("many changes are told once, and a resting hand at once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let told = 0;
  const end = new AbortController();
  const saver = new Saver({ save_changes: () => (told += 1) }, end.signal);
  for (let i = 0; i < 9; i++) saver.soon();
  assert.equal(told, 0);
  context.mock.timers.tick(250);
  assert.equal(told, 1);
  saver.soon();
  saver.now();
  context.mock.timers.tick(1000);
  assert.equal(told, 2);
  saver.soon();
  end.abort();
  context.mock.timers.tick(1000);
  assert.equal(told, 2);
});

test("a way goes on from where the points lead", () => {
  const sphere = geometryOf({ name: "hypersphere", radius: 1 });
  const point = { weight: 1, name: "p", z: [0, 1, 0] };
  // At the pole of x the way points to y; carried to y it points to minus x.
  const way = { weight: -1, name: "w", z: [0, Math.PI / 2, 0], base: [1, 0, 0] };
  const near = (/** @type {any} */ found, /** @type {number[]} */ expected) => {
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(found[i] - value) < 1e-6);
  };
  near(total([point, way], sphere), [1, 0, 0]);
  assert.equal(total([way], sphere), null);
  near(total([point, way], flat), [0, 1 - Math.PI / 2, 0]);
});

test("an analogy carries the way from a to b over to c", () => {
  assert.deepEqual(analogous([1, 0], [2, 1], [5, 5], flat), Float32Array.of(6, 6));
  const sphere = geometryOf({ name: "hypersphere", radius: 1 });
  const found = analogous([1, 0, 0], [0, 1, 0], [0, 1, 0], sphere);
  assert.ok(found && Math.abs(found[0] + 1) < 1e-6, String(found));
});

test("terms are written as Python reads them", () => {
  const terms = [
    { weight: -1, name: "smile", z: [1] },
    { weight: 0.8, name: "no glasses", z: [1] },
    { weight: -0.5, name: "row 12", z: [1] },
    { weight: 1, name: "empty", z: null },
  ];
  assert.equal(write(terms), '-smile + 0.8*z("no glasses") - 0.5*z("row 12")');
});

test("a mistake is cut out by code points, and one beyond the end has a place too", () => {
  assert.deepEqual(cut("😀 + smle", { start: 5, end: 8 }), {
    before: "😀 + s",
    at: "mle",
    after: "",
  });
  assert.deepEqual(cut("a +", { start: 3, end: 3 }), {
    before: "a +",
    at: "\u00a0\u00a0",
    after: "",
  });
});

test("a direction leads from where z is, a kept result stands for itself, and both find room", () => {
  const z = Float32Array.of(1, 2);
  const way = { weight: 1, name: "smile", z: [0, 1], base: [0, 0] };
  const kept = { weight: 1, name: "mine", z: [5, 5] };
  const start = { weight: 1, name: "start", z: [1, 2] };
  assert.deepEqual(extended(emptyTerms(), [way], z), [start, way]);
  assert.deepEqual(extended(emptyTerms(), [kept], z), [kept]);
  assert.deepEqual(extended(emptyTerms(), [kept, kept], z), [start, kept, kept]);
  assert.deepEqual(extended([kept, ...emptyTerms()], [way], z), [kept, way]);
  assert.equal(
    extended(
      Array.from({ length: MOST_TERMS }, () => kept),
      [way],
      z,
    ),
    null,
  );
});
