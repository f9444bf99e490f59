import assert from "node:assert/strict";
import { test } from "node:test";
import { Globe } from "../src/scatter/globe.js";
import { Stage } from "../src/scatter/stage.js";
import { drawTrail } from "../src/scatter/trail.js";
import { near } from "./near.js";

/** A pen that writes down what it draws. */
function makePen() {
  /** @type {{ alpha: number, ink: string, lines: number[][][] }[]} */
  const strokes = [];
  /** @type {number[][][]} */
  let lines = [];
  const pen = {
    globalAlpha: 1,
    strokeStyle: "",
    lineWidth: 1,
    beginPath: () => {
      lines = [];
    },
    moveTo: (/** @type {number} */ x, /** @type {number} */ y) => lines.push([[x, y]]),
    lineTo: (/** @type {number} */ x, /** @type {number} */ y) =>
      lines[lines.length - 1].push([x, y]),
    stroke: () => strokes.push({ alpha: pen.globalAlpha, ink: pen.strokeStyle, lines }),
  };
  return { pen: /** @type {any} */ (pen), strokes };
}

const camera = /** @type {any} */ ({
  toPage: (/** @type {number} */ x, /** @type {number} */ y) => [x, y],
});

test("what lies behind something is drawn faint, and first", () => {
  const { pen, strokes } = makePen();
  drawTrail(
    pen,
    camera,
    [
      [0, 0, 0],
      [1, 0, 0],
      [2, 0, 1],
      [3, 0, 1],
      [4, 0, 0],
      [5, 0, 0],
    ],
    2,
    "ink",
    "halo",
  );
  const [behind, halo, front] = strokes;
  assert.ok(behind.alpha < 0.5 && front.alpha === 1);
  assert.deepEqual(behind.lines, [
    [
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ],
  ]);
  assert.deepEqual(front.lines, [
    [
      [0, 0],
      [1, 0],
    ],
    [
      [4, 0],
      [5, 0],
    ],
  ]);
  assert.deepEqual([halo.ink, front.ink, pen.globalAlpha], ["halo", "ink", 1]);
});

test("a path over a globe knows which of its corners are pictures, and which lie at the back", () => {
  const stage = new Stage();
  const places = Float32Array.of(1, 0, 0, 0, 1, 0, -1, 0, 0);
  stage.show(places, { method: "sphere", dim: 3, radius: 1, names: [] }, [1, 0, 0]);
  assert.ok(stage.sight instanceof Globe && stage.deep && stage.turns && !stage.plane);
  const { trail, stops } = stage.trail([0, 1, 2].map((row) => stage.row(row)));
  assert.equal(stops.length, 3);
  assert.equal(stops[0], 0);
  assert.equal(stops[2], trail.length - 1);
  assert.deepEqual(trail[0].map(Math.round), [0, 0, 0]);
  assert.equal(trail[stops[2]][2], 1);
  assert.ok(stage.touchable(0) && !stage.touchable(2));
  assert.equal(stage.join?.(0, 1).length, stops[1] + 1);
});

test("a plane is seen as it is, and lines on it are straight", () => {
  const stage = new Stage();
  const places = Float32Array.of(1, 2, 3, 4);
  assert.equal(stage.show(places, { method: "pca", dim: 2, radius: 1, names: [] }, [0, 0]), places);
  assert.deepEqual(
    stage.trail([
      [1, 2],
      [3, 4],
    ]),
    {
      trail: [
        [1, 2, 0],
        [3, 4, 0],
      ],
      stops: [0, 1],
    },
  );
  assert.ok(stage.plane && stage.join === null && stage.rim === null);
});

test("a map of a model that learns stays as the hand has turned it", () => {
  const stage = new Stage();
  const places = Float32Array.from({ length: 30 }, (_, i) => Math.sin(i));
  const kind = { method: "pca", dim: 3, radius: 1, names: [] };
  stage.show(places, kind, [0, 0, 0]);
  const before = stage.spot([1, 2, 3]);
  if ("turn" in stage.sight) stage.sight.turn(1, 0.5);
  const turned = stage.spot([1, 2, 3]);
  assert.notDeepEqual(turned, before);
  stage.show(places.slice(), kind, [0, 0, 0]);
  near(stage.spot([1, 2, 3]), turned);
});
