import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera } from "../src/scatter/camera.js";
import { Depth } from "../src/scatter/depth.js";
import { GREY } from "../src/scatter/palette.js";
import { pack } from "../src/scatter/raster.js";
import { Turn } from "../src/scatter/turn.js";

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];

/** @param {number[][]} places @param {number[]} color @param {(turn: Turn) => void} [change] */
function draw(places, color, change) {
  const turn = new Turn([0, 0, 0], 1);
  turn.axes = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  change?.(turn);
  const camera = new Camera({ low: [-1, -1], high: [1, 1] });
  camera.resize(148, 148);
  const wide = 148 + 40;
  const pixels = { data: new Uint32Array(wide * wide), wide, high: wide, margin: 20 };
  pixels.data.fill(pack([255, 255, 255]));
  const colors = Array.from({ length: GREY + 1 }, () => [200, 200, 200]);
  [colors[0], colors[1]] = [RED, BLUE];
  const brush = { size: 8, opacity: 1, background: [255, 255, 255], ratio: 1 };
  const cast = {
    ...{ places: Float32Array.from(places.flat()), color: Uint8Array.from(color), colors },
  };
  new Depth().draw(pixels, cast, turn, camera, brush, places.length);
  /** @param {number} x @param {number} y red, green and blue of a place on the map */
  const at = (x, y) => {
    const [px, py] = camera.toPage(x, y);
    const pixel = pixels.data[Math.floor(py + 20) * wide + Math.floor(px + 20)];
    return [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];
  };
  const inked = pixels.data.filter((pixel) => pixel !== pack([255, 255, 255])).length;
  return { at, inked };
}

test("the nearer point covers the farther one, whichever comes first", () => {
  for (const swap of [false, true]) {
    const places = [
      [0, 0, 0.9],
      [0, 0, -0.9],
    ];
    const { at } = draw(swap ? places.reverse() : places, swap ? [1, 0] : [0, 1]);
    const [red, , blue] = at(0, 0);
    assert.ok(red > 200 && blue < 60, `${at(0, 0)}`);
  }
});

test("what turns comes to the front", () => {
  const places = [
    [0, 0, 0.9],
    [0, 0, -0.9],
  ];
  const [red, , blue] = draw(places, [0, 1], (turn) => turn.turn(Math.PI, 0)).at(0, 0);
  assert.ok(blue > 200 && red < 60);
});

test("far points are smaller and nearer to the background, and grey ones lie below", () => {
  const front = draw([[0, 0, 0.99]], [0]);
  const back = draw([[0, 0, -0.99]], [0]);
  assert.ok(back.inked < 0.7 * front.inked);
  assert.ok(back.at(0, 0)[1] > 100 && front.at(0, 0)[1] < 10);
  const grey = draw(
    [
      [0, 0, 0.9],
      [0, 0, -0.9],
    ],
    [GREY, 0],
  );
  assert.ok(grey.at(0, 0)[0] > grey.at(0, 0)[1] + 30);
});

test("what is out of view is left out, and what is at the edge is whole", () => {
  assert.equal(draw([[50, 0, 0]], [0]).inked, 0);
  assert.ok(draw([[1.48, 0, 0]], [0]).inked > 30);
});
