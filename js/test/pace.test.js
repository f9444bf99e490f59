import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace, weigh } from "../src/scatter/pace.js";

/** Frames of a machine that draws so many blocks a millisecond. @param {Pace} pace @param {number} speed @param {number} all */
function move(pace, speed, all) {
  for (let frame = 0; frame < 60; frame += 1) {
    pace.moved(pace.blocks / speed, frame * 16.7, all);
  }
}

test("as many blocks as fit into a frame, and all where all fit", () => {
  const pace = new Pace();
  move(pace, 2, 61);
  assert.ok(pace.blocks / 2 <= 8 && pace.blocks / 2 > 4, `${pace.blocks}`);
  move(pace, 100, 61);
  assert.equal(pace.blocks, 61);
  move(pace, 0.05, 61);
  assert.equal(pace.blocks, 3, "never nothing");
});

test("two slow pictures are enough to draw less in the next, one is an accident", () => {
  const pace = new Pace();
  pace.rested(25, 61, 61);
  const before = pace.blocks;
  pace.moved(40, 0, 61);
  assert.equal(pace.blocks, before);
  pace.moved(40, 16, 61);
  assert.ok(pace.blocks <= before / 4);
});

test("what was measured at rest tells what a movement can bear", () => {
  const pace = new Pace();
  pace.rested(61, 61, 61);
  assert.equal(pace.blocks, 6);
  pace.rested(1, 61, 61);
  assert.equal(pace.blocks, 61);
});

test("frames that come late again and again draw less, one or a pause does not", () => {
  const pace = new Pace();
  pace.rested(1, 40, 40);
  pace.moved(0.1, 0, 40);
  pace.moved(0.1, 60, 40);
  pace.moved(0.1, 1000, 40);
  assert.equal(pace.blocks, 40);
  for (let frame = 1; frame < 5; frame += 1) pace.moved(0.1, 1000 + 60 * frame, 40);
  assert.ok(pace.blocks < 40);
});

test("points that stand for others are as opaque as these would be together", () => {
  assert.equal(weigh(0.4, 1), 0.4);
  assert.ok(Math.abs(weigh(0.4, 0.5) - (1 - 0.6 * 0.6)) < 1e-12);
  assert.ok(weigh(0.4, 0.01) < 0.9, "a point alone stays a point");
});
