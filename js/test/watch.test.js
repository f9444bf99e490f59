import assert from "node:assert/strict";
import { test } from "node:test";
import { Watch } from "../src/decode/watch.js";

function makeWatch() {
  const kernel = { silence: 0, busy: false, expire() {} };
  /** @type {string[]} */
  const told = [];
  return { kernel, told, watch: new Watch(/** @type {any} */ (kernel), (one) => told.push(one)) };
}

test("a second of silence is said once, and taken back", () => {
  const { kernel, told, watch } = makeWatch();
  kernel.silence = 900;
  watch.look();
  kernel.silence = 1100;
  watch.look();
  watch.look();
  kernel.silence = 0;
  watch.look();
  assert.deepEqual(told, ["late", ""]);
});

test("a lost kernel is said once, stays lost while it is silent, and is back when it speaks", () => {
  const { kernel, told, watch } = makeWatch();
  watch.lose();
  watch.lose();
  kernel.silence = 5000;
  watch.look();
  assert.deepEqual(told, ["lost"]);
  kernel.silence = 0;
  watch.heard();
  assert.deepEqual(told, ["lost", ""]);
});
