import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAround, Camera } from "../src/scatter/camera.js";

/** @param {number[]} got @param {number[]} want */
function near(got, want) {
  got.forEach((value, i) => {
    assert.ok(Math.abs(value - want[i]) < 1e-9, `${want} wanted, got ${got}`);
  });
}

function makeCamera() {
  const camera = new Camera({ low: [-2, -1], high: [2, 1] });
  camera.resize(448, 348);
  return camera;
}

test("everything fits, with the same scale for both axes and y upwards", () => {
  const camera = makeCamera();
  assert.equal(camera.scale, 100);
  near(camera.toPage(0, 0), [224, 174]);
  near(camera.toPage(2, 1), [424, 74]);
  near(camera.toMap(424, 74), [2, 1]);
});

test("zooming keeps the place under the pointer and ends somewhere", () => {
  const camera = makeCamera();
  const before = camera.toMap(100, 50);
  camera.zoomAt(3, 100, 50);
  near(camera.toMap(100, 50), before);
  assert.ok(Math.abs(camera.zoom - 3) < 1e-9);
  camera.zoomAt(1e9, 100, 50);
  near(camera.toMap(100, 50), before);
  assert.ok(camera.zoom <= 1000.001);
  camera.zoomAt(1e-9, 100, 50);
  assert.ok(camera.zoom >= 0.199);
});

test("panning follows the hand", () => {
  const camera = makeCamera();
  const before = camera.toMap(10, 10);
  camera.pan(30, -20);
  near(camera.toMap(40, -10), before);
});

test("another size shows everything again, unless the hand chose a view", () => {
  const camera = makeCamera();
  camera.resize(848, 648);
  assert.equal(camera.scale, 200);
  camera.zoomAt(2);
  camera.pan(5, 5);
  const middle = camera.toMap(424, 324);
  camera.resize(448, 348);
  near(camera.toMap(224, 174), middle);
  assert.ok(Math.abs(camera.zoom - 2) < 1e-9);
  camera.fit();
  assert.equal(camera.zoom, 1);
});

test("the box around points is never flat", () => {
  assert.deepEqual(boxAround(Float32Array.of(0, 1, 4, 3)), { low: [0, 1], high: [4, 3] });
  assert.deepEqual(boxAround(new Float32Array(0)), { low: [-3, -3], high: [3, 3] });
  for (const xy of [
    [1, 1],
    [0, 5, 10, 5],
    [3, 0, 3, 9],
  ]) {
    const { low, high } = boxAround(Float32Array.from(xy));
    assert.ok(high[0] > low[0] && high[1] > low[1]);
  }
});
