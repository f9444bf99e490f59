import assert from "node:assert/strict";
import { test } from "node:test";
import { Meter } from "../src/meter.js";

/** @param {Partial<import("../src/feed.js").Frame>} frame */
const frame = (frame) =>
  /** @type {import("../src/feed.js").Frame} */ ({
    place: "kernel",
    ms: 2,
    encode_ms: 1,
    round_trip: 40,
    ...frame,
  });

test("a drag has a rate, and what was overtaken is counted", () => {
  let now = 0;
  const meter = new Meter(() => now);
  assert.equal(meter.read(), null);
  for (; now < 1000; now += 10) {
    meter.wrote();
    if (now % 50 === 0) meter.shown(frame({}));
  }
  meter.painted(3);
  const stats = /** @type {import("../src/meter.js").Stats} */ (meter.read());
  assert.equal(stats.engine, "kernel");
  assert.ok(Math.abs(stats.pictures_per_second - 21) < 0.2);
  assert.equal(stats.dropped, 80);
  assert.equal(stats.round_trip_ms, 40);
  assert.equal(stats.wire_ms, 37);
  assert.equal(stats.paint_ms, 3);
});

test("a pause begins a new count, and pictures at rest belong to none", () => {
  let now = 0;
  const meter = new Meter(() => now);
  meter.wrote();
  meter.shown(frame({}));
  now = 5000;
  meter.shown(frame({ round_trip: null }));
  assert.equal(meter.read()?.dropped, 0);
  meter.wrote();
  meter.wrote();
  assert.equal(meter.read()?.dropped, 2);
});

test("times of the two places are kept apart", () => {
  const meter = new Meter(() => 0);
  meter.shown(frame({ ms: 100 }));
  meter.shown(frame({ place: "browser", ms: 4, encode_ms: 0, round_trip: 6 }));
  assert.equal(meter.read()?.model_ms, 4);
  assert.equal(meter.read()?.round_trip_ms, 6);
});
