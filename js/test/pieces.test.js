import assert from "node:assert/strict";
import { test } from "node:test";
import { toBytes, toFloats, toIds } from "../src/bytes.js";
import { logPrior, percentile } from "../src/density.js";
import { Emitter } from "../src/emitter.js";
import { toRgba } from "../src/picture.js";

test("floats are read from any kind of view, at any offset", () => {
  const numbers = Float32Array.of(1.5, -2, 3e-40);
  const shifted = new Uint8Array(13);
  shifted.set(new Uint8Array(numbers.buffer), 1);
  for (const bytes of [
    numbers.buffer,
    new DataView(numbers.buffer),
    new DataView(shifted.buffer, 1, 12),
    shifted.subarray(1),
  ]) {
    assert.deepEqual(toFloats(bytes), numbers);
    assert.equal(toBytes(bytes).length, 12);
  }
  assert.equal(toFloats(null).length, 0);
  assert.deepEqual(toIds(new DataView(Int32Array.of(5, -1).buffer)), Int32Array.of(5, -1));
});

test("numbers read from the wire are a copy", () => {
  const wire = Float32Array.of(1);
  const read = toFloats(wire.buffer);
  wire[0] = 2;
  assert.equal(read[0], 1);
});

test("the log density is that of N(0, I)", () => {
  assert.ok(Math.abs(logPrior(Float32Array.of(0, 0)) + Math.log(2 * Math.PI)) < 1e-12);
  assert.ok(Math.abs(logPrior(Float32Array.of(1)) + 1.4189385332) < 1e-9);
});

test("the percentile is read between the marks and never leaves 0 to 100", () => {
  const marks = Float32Array.from({ length: 101 }, (_, i) => i * 2);
  assert.equal(percentile(-1, marks), 0);
  assert.equal(percentile(0, marks), 0);
  assert.equal(percentile(50, marks), 25);
  assert.equal(percentile(51, marks), 25.5);
  assert.equal(percentile(1e9, marks), 100);
  assert.ok(Number.isNaN(percentile(1, new Float32Array(0))));
  assert.equal(percentile(3, new Float32Array(101).fill(3)), 100);
});

test("grey, RGB and RGBA become RGBA", () => {
  assert.deepEqual([...toRgba(Uint8Array.of(7, 9), 1, 2)], [7, 7, 7, 255, 9, 9, 9, 255]);
  assert.deepEqual([...toRgba(Uint8Array.of(1, 2, 3), 3, 1)], [1, 2, 3, 255]);
  assert.deepEqual([...toRgba(Uint8Array.of(1, 2, 3, 4), 4, 1)], [1, 2, 3, 4]);
});

test("a listener ends with its signal, and one that throws stops no other", () => {
  /** @type {unknown[]} */
  const reported = [];
  Object.assign(globalThis, { reportError: (/** @type {unknown} */ e) => reported.push(e) });
  /** @type {Emitter<{ z: number }>} */
  const emitter = new Emitter();
  const ended = new AbortController();
  /** @type {number[]} */
  const heard = [];
  emitter.subscribe("z", () => {
    throw new Error("mine");
  });
  emitter.subscribe("z", (value) => heard.push(value), ended.signal);
  emitter.emit("z", 1);
  ended.abort();
  emitter.emit("z", 2);
  emitter.subscribe("z", (value) => heard.push(value), ended.signal);
  emitter.emit("z", 3);
  assert.deepEqual(heard, [1]);
  assert.equal(reported.length, 3);
});
