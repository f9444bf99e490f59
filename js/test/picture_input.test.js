import assert from "node:assert/strict";
import { test } from "node:test";
import { around, brightness, cut, looksInverted } from "../src/picture_input/pixels.js";
import { residual } from "../src/picture_input/residual.js";
import { say } from "../src/picture_input/result.js";
import { Sender } from "../src/picture_input/sender.js";
import { boxOf, widest, within } from "../src/picture_input/window.js";

/** @param {number[][]} rows grey levels */
function grey(rows) {
  const [height, width] = [rows.length, rows[0].length];
  const pixels = new Uint8Array(rows.flat().flatMap((level) => [level, level, level, 255]));
  return { width, height, pixels };
}

const LIKE = { shape: [1, 2, 1], edge: [0], invert: false };
const ROWS = grey([
  [0, 100, 200, 40],
  [0, 100, 200, 40],
]);

test("each pixel is the mean of those it covers", () => {
  const box = { x: 0, y: 0, width: 4, height: 2 };
  assert.deepEqual([...cut(ROWS, box, LIKE)], [50, 120]);
  assert.deepEqual([...cut(ROWS, { ...box, x: 0.5, width: 3 }, LIKE)], [67, 147]);
});

test("what lies outside has the colour of the data's edge, inverted or not", () => {
  const box = { x: -4, y: 0, width: 8, height: 2 };
  const like = { ...LIKE, edge: [0.2] };
  assert.deepEqual([...cut(ROWS, box, like)], [51, 85]);
  assert.deepEqual([...cut(ROWS, box, { ...like, invert: true })], [51, 170]);
});

test("colours become grey as the eye sees them, and grey becomes colours", () => {
  const red = { width: 1, height: 1, pixels: new Uint8Array([255, 0, 0, 255]) };
  const box = { x: 0, y: 0, width: 1, height: 1 };
  assert.deepEqual([...cut(red, box, { ...LIKE, shape: [1, 1, 1] })], [76]);
  const like = { shape: [1, 1, 4], edge: [0, 0, 0, 0], invert: true };
  assert.deepEqual([...cut(red, box, like)], [0, 255, 255, 255]);
});

test("a negative is suggested when it is clearly nearer to the data", () => {
  assert.equal(looksInverted(0.85, 0.13), true);
  assert.equal(looksInverted(0.2, 0.13), false);
  assert.equal(looksInverted(0.52, 0.5), false);
  assert.equal(looksInverted(0.9, null), false);
  assert.equal(brightness(new Uint8Array([255, 0, 0, 255, 255, 0]), 3), 0.5);
  assert.equal(brightness(new Uint8Array([0, 0, 0, 255]), 4), 0);
});

test("what is drawn is centred by its mass, and made as large as the data", () => {
  const rows = Array.from({ length: 20 }, () => Array(20).fill(0));
  for (let y = 2; y < 12; y += 1) rows[y][4] = 255;
  const box = around(grey(rows), [0, 0, 0], 0.5);
  assert.deepEqual(box, { x: -5.5, y: -3, width: 20, height: 20 });
  rows[19][19] = 4;
  assert.deepEqual(around(grey(rows), [0, 0, 0], 0.5), box);
  assert.equal(around(grey([[7, 0]]), [0, 0, 0], 0.5), null);
});

test("a first dot does not fill the picture", () => {
  const rows = Array.from({ length: 20 }, () => Array(20).fill(0));
  rows[3][3] = 255;
  assert.equal(around(grey(rows), [0, 0, 0], 0.7)?.width, 12);
});

test("as much is taken as has the right proportions, about the middle", () => {
  const box = boxOf(widest(90, 60), 90, 60, 1);
  assert.deepEqual(box, { x: 15, y: 0, width: 60, height: 60 });
  const whole = boxOf({ ...widest(90, 60), whole: true }, 90, 60, 1);
  assert.deepEqual(whole, { x: 0, y: -15, width: 90, height: 90 });
});

test("the part that is taken stays within the picture", () => {
  const far = within({ whole: false, zoom: 2, x: 900, y: -900 }, 90, 60, 1);
  assert.deepEqual(boxOf(far, 90, 60, 1), { x: 60, y: 0, width: 30, height: 30 });
  assert.equal(within({ ...far, zoom: 0.1 }, 90, 60, 1).zoom, 1);
});

test("a residual is the mean over the colours, above 0 where the picture is brighter", () => {
  const [picture, again] = [new Uint8Array([255, 0, 102]), new Uint8Array([0, 51, 102])];
  assert.deepEqual([...residual(picture, again, 1)], [255, -51, 0]);
  assert.deepEqual([...residual(picture, again, 3)], [68]);
  const clear = [new Uint8Array([9, 9, 9, 255]), new Uint8Array([9, 9, 9, 0])];
  assert.deepEqual([...residual(clear[0], clear[1], 4)], [0]);
});

test("how odd a picture is is said in words", () => {
  assert.equal(say(40.4, "nearer"), "40 % of the data are nearer");
  assert.equal(say(99.7, "nearer"), "over 99 % of the data are nearer");
  assert.equal(say(0, "nearer"), "none of the data is nearer");
  assert.match(say(100, "nearer"), /all of the data are nearer: this is an odd one/);
});

test("of many strokes the newest is sent when the one before was answered", async () => {
  /** @type {[string, (value: null) => void][]} */
  const sent = [];
  const send = (/** @type {string} */ one) => new Promise((resolve) => sent.push([one, resolve]));
  let now = 0;
  const sender = new Sender(send, () => now);
  for (const one of ["a", "b", "c"]) sender.bring(one);
  assert.deepEqual(
    sent.map(([one]) => one),
    ["a"],
  );
  sent[0][1](null);
  await new Promise(setImmediate);
  assert.deepEqual(
    sent.map(([one]) => one),
    ["a", "c"],
  );
  now = 6000;
  sender.bring("d");
  assert.equal(sent.length, 3, "a kernel that does not answer is not waited for");
  sent[1][1](null);
  sender.bring("e");
  sender.drop();
  sent[2][1](null);
  await new Promise(setImmediate);
  assert.equal(sent.length, 3, "what was dropped is not sent");
});
