import assert from "node:assert/strict";
import { test } from "node:test";
import { Paint } from "../src/scatter/paint.js";

/** A panel's model: what is set is heard at once. */
class Model {
  saved = 0;
  /** @type {Record<string, any>} */
  #values = { dabs: new DataView(new ArrayBuffer(0)), line: new DataView(new ArrayBuffer(0)) };
  /** @type {Record<string, (() => void)[]>} */
  #heard = {};
  get = (/** @type {string} */ name) => this.#values[name];
  on = (/** @type {string} */ name, /** @type {any} */ heard) => {
    this.#heard[name] = [...(this.#heard[name] ?? []), heard];
  };
  set = (/** @type {string} */ name, /** @type {any} */ value) => {
    this.#values[name] = value;
    for (const heard of this.#heard[`change:${name}`] ?? []) heard();
  };
  save_changes = () => {
    this.saved += 1;
  };
  floats = (/** @type {string} */ name) => [...new Float32Array(this.#values[name].buffer)];
}

const view = (/** @type {number[]} */ ...values) => new DataView(Float32Array.from(values).buffer);
const DAB = [0.1, 2, 0.5, 0.25];

function painted() {
  const model = new Model();
  let changes = 0;
  const paint = new Paint(/** @type {any} */ (model), () => (changes += 1));
  const dab = (/** @type {number[]} */ values) => {
    paint.begin(false);
    paint.dabs.push(...values);
    paint.keep();
  };
  return { model, paint, dab, changes: () => changes };
}

test("a stroke is told when it ends, and a line takes the place of the one before", () => {
  const { model, paint, dab } = painted();
  dab(DAB);
  assert.deepEqual([...model.floats("dabs")], DAB.map(Math.fround));
  for (const end of [1, 2]) {
    paint.begin(true);
    paint.line.push(0, 0, end, end);
    assert.equal(model.saved, end);
    paint.keep();
  }
  assert.deepEqual(model.floats("line"), [0, 0, 2, 2]);
  paint.wipe();
  assert.deepEqual([model.floats("dabs"), model.floats("line"), model.saved], [[], [], 4]);
  paint.wipe();
  assert.equal(model.saved, 4);
});

test("a cancelled stroke was never there", () => {
  const { model, paint, dab } = painted();
  dab(DAB);
  const { saved } = model;
  paint.begin(true);
  paint.line.push(0, 0);
  assert.equal(paint.drawing, true);
  assert.equal(paint.cancel(), true);
  assert.deepEqual([paint.line, paint.dabs, paint.drawing], [[], DAB.map(Math.fround), false]);
  assert.equal(paint.cancel(), false);
  paint.keep();
  assert.equal(model.saved, saved);
});

test("what Python paints is there, unless a stroke is under way", () => {
  const { model, paint, dab, changes } = painted();
  dab(DAB);
  const before = changes();
  model.set("dabs", view(...DAB));
  assert.equal(changes(), before);
  model.set("dabs", view(5, 5, 1, 1));
  assert.deepEqual([paint.dabs, changes()], [[5, 5, 1, 1], before + 1]);
  paint.begin(false);
  paint.dabs.push(1, 1, 1, 1);
  model.set("dabs", view());
  paint.keep();
  assert.deepEqual(model.floats("dabs"), [1, 1, 1, 1]);
});

test("what others painted during a stroke stays, and comes to light when it is cancelled", () => {
  const { model, paint, dab } = painted();
  dab([1, 1, 1, 1]);
  const theirs = [1, 1, 1, 1, 2, 2, 1, 1];
  paint.begin(false);
  paint.dabs.push(3, 3, 1, 1);
  model.set("dabs", view(...theirs));
  model.set("line", view(0, 0, 1, 1));
  paint.keep();
  assert.deepEqual(model.floats("dabs"), [...theirs, 3, 3, 1, 1]);
  assert.deepEqual(model.floats("line"), [0, 0, 1, 1]);
  paint.begin(false);
  paint.dabs.push(4, 4, 1, 1);
  model.set("dabs", view());
  paint.cancel();
  assert.deepEqual([paint.dabs, paint.line], [[], [0, 0, 1, 1]]);
});
