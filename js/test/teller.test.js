import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Teller } from "../src/decode/teller.js";

mock.timers.enable({ apis: ["setTimeout"] });
let now = 0;
/** @param {number} ms */
function pass(ms) {
  for (let i = 0; i < ms; i += 1) {
    now += 1;
    mock.timers.tick(1);
  }
}

function start() {
  /** @type {[number, string | undefined, boolean | undefined][]} */
  const heard = [];
  const kernel = {
    /** @type {import("../src/decode/kernel.js").Kernel["show"]} */
    show: (z, gesture, moving) => {
      heard.push([z[0], gesture, moving]);
    },
  };
  const leaving = new AbortController();
  return { heard, leaving, teller: new Teller(kernel, leaving.signal, () => now) };
}

test("where the hand rests the kernel is told, once", () => {
  const { heard, teller } = start();
  for (let i = 0; i < 5; i += 1) teller.tell(Float32Array.of(i), "a");
  assert.ok(teller.moving);
  assert.deepEqual(heard, []);
  pass(250);
  assert.ok(!teller.moving);
  assert.deepEqual(heard, [[4, "a", false]]);
  teller.rest();
  assert.equal(heard.length, 1);
});

test("of a long drag it hears now and then, after the picture's own work", () => {
  const { heard, teller } = start();
  for (let i = 0; i < 60; i += 1) {
    const before = heard.length;
    teller.tell(Float32Array.of(i), "a");
    assert.equal(heard.length, before);
    pass(16);
  }
  assert.ok(heard.every(([, , moving]) => moving));
  assert.ok(heard.length >= 10 && heard.length <= 15, `${heard.length} messages in a second`);
  teller.rest();
  assert.deepEqual(heard.at(-1), [59, "a", false]);
});

test("the end of a gesture comes before the next, or before whatever is asked at rest", () => {
  const { heard, teller } = start();
  teller.tell(Float32Array.of(1), "a");
  teller.tell(Float32Array.of(2), "b");
  teller.tell(Float32Array.of(3));
  assert.deepEqual(heard, []);
  teller.rest();
  const said = [
    [1, "a", false],
    [2, "b", false],
    [3, undefined, false],
  ];
  assert.deepEqual(heard, said);
  pass(200);
  assert.deepEqual(heard, said);
});

test("a page that is gone tells nothing", () => {
  const { heard, leaving, teller } = start();
  teller.tell(Float32Array.of(1), "a");
  leaving.abort();
  pass(200);
  assert.deepEqual(heard, []);
});
