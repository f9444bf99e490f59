import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAround } from "../src/scatter/camera.js";
import { BLOCK, CELLS, Cloud, spread } from "../src/scatter/cloud.js";

test("the order of drawing holds every row once", () => {
  for (const n of [0, 1, 2, 3, 10, 144, 1000]) {
    const rows = new Uint32Array(n);
    spread(rows, 0, n);
    assert.deepEqual(
      [...rows].sort((a, b) => a - b),
      Array.from({ length: n }, (_, i) => i),
    );
    const half = new Uint32Array(n >> 1);
    spread(half, n - half.length, n);
    assert.deepEqual(half, rows.slice(n - half.length), "and any piece of it can be made alone");
  }
});

const n = 2 * BLOCK + 100;
const places = Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i * i));
const classes = Uint8Array.from({ length: n }, (_, row) => Math.floor((4 * row) / n));

function makeCloud() {
  const cloud = new Cloud(places, boxAround(places));
  cloud.paint(
    (rows, color) =>
      rows.forEach((row, i) => {
        color[i] = classes[row];
      }),
    [],
    false,
  );
  return cloud;
}

test("every block is a fair sample: of rows that lie class after class, as many of each", () => {
  const cloud = makeCloud();
  assert.equal(cloud.blocks, 3);
  cloud.prepare(0);
  const counts = [0, 0, 0, 0];
  for (const code of cloud.color.subarray(...cloud.range(0))) counts[code] += 1;
  for (const count of counts) assert.ok(Math.abs(count - BLOCK / 4) < 5, `${counts}`);
});

test("places, rows and colours go together, cell by cell", () => {
  const cloud = makeCloud();
  cloud.settle();
  assert.equal(new Set(cloud.order).size, n);
  for (let block = 0; block < 3; block += 1) {
    let [expected] = cloud.range(block);
    for (let line = 0; line < CELLS; line += 1) {
      for (let column = 0; column < CELLS; column += 1) {
        const [from, to] = cloud.span(block, line, column, column);
        assert.equal(from, expected);
        expected = to;
        for (let i = from; i < to; i += 1) {
          const row = cloud.order[i];
          assert.equal(cloud.xy[2 * i], places[2 * row]);
          assert.equal(cloud.xy[2 * i + 1], places[2 * row + 1]);
          assert.equal(cloud.color[i], classes[row]);
          assert.deepEqual(
            [cloud.column(cloud.xy[2 * i]), cloud.line(cloud.xy[2 * i + 1])],
            [column, line],
          );
        }
      }
    }
    assert.equal(expected, cloud.range(block)[1]);
  }
});

test("colours and places are made anew only where they are asked for", () => {
  const cloud = makeCloud();
  cloud.settle();
  /** @type {number[]} */
  const asked = [];
  cloud.paint((rows) => asked.push(rows.length), [], true);
  assert.deepEqual(asked, []);
  cloud.prepare(2);
  cloud.prepare(2);
  assert.deepEqual(asked, [100]);
  cloud.move(
    places.map((value) => -value),
    boxAround(places),
  );
  assert.equal(cloud.xy[0], places[2 * cloud.order[0]]);
  cloud.prepare(0);
  assert.equal(cloud.xy[0], -places[2 * cloud.order[0]]);
  assert.deepEqual(asked, [100, BLOCK]);
});
