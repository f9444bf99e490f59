import assert from "node:assert/strict";
import { test } from "node:test";
import { checkWeight, describeRow, emptyTerms, stepWeight, total } from "../src/arithmetic/sum.js";
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
