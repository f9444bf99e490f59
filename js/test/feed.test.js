import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../src/feed.js";
import { unpack } from "../src/unpack.js";

/** Bitmaps that are ready when the test says so, on a canvas that remembers what was drawn. */
function fakeBrowser() {
  /** @type {{ file: Blob, ready: () => void, fail: () => void }[]} */
  const asked = [];
  /** @type {any[]} */
  const drawn = [];
  const found = /** @type {any} */ (globalThis);
  found.createImageBitmap = (/** @type {Blob} */ file) =>
    new Promise((resolve, reject) => {
      asked.push({
        file,
        ready: () => resolve({ close() {} }),
        fail: () => reject(new Error("bad file")),
      });
    });
  found.OffscreenCanvas = class {
    /** @param {number} width @param {number} height */
    constructor(width, height) {
      this.width = width;
      this.height = height;
    }
    getContext() {
      return {
        drawImage: (/** @type {any[]} */ ...how) => drawn.push(how.slice(1)),
        getImageData: (/** @type {any} */ _x, /** @type {any} */ _y, w = 0, h = 0) => ({
          data: new Uint8ClampedArray(4 * w * h).fill(drawn.length),
        }),
      };
    }
  };
  return { asked, drawn };
}

/** @param {"browser" | "kernel"} [place] */
function fakeFeed(place = "kernel") {
  const said = {
    /** @type {Float32Array} */
    z: Float32Array.of(0),
    /** @type {any[]} */
    shown: [],
    /** @type {any[]} */
    told: [],
    /** @type {number[]} */
    seen: [],
  };
  const feed = new Feed({
    client: "me",
    kernel: {
      busy: false,
      answered: () => null,
      seen: (/** @type {number} */ version) => said.seen.push(version),
    },
    engine: { place, moving: false },
    now: () => said.z,
    adopt: (z) => {
      said.z = z;
    },
    show: (frame) => said.shown.push(frame),
    notice: () => null,
    tell: (notice) => notice && said.told.push(notice),
  });
  return { said, feed };
}

const latent = (/** @type {number} */ value) => new DataView(Float32Array.of(value).buffer);
const file = new DataView(Uint8Array.of(1, 2, 3).buffer);
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test("raw pixels are there at once, as they came", () => {
  const raw = new DataView(Uint8Array.of(0, 7, 8, 9).buffer, 1);
  const found = unpack({ shape: [1, 3, 1] }, raw);
  assert.deepEqual(found, { shape: [1, 3, 1], pixels: Uint8Array.of(7, 8, 9) });
});

test("a file becomes RGBA of the size that was said, however small it is", async () => {
  const { asked, drawn } = fakeBrowser();
  const one = unpack({ shape: [4, 6, 3], format: "jpeg" }, file);
  const many = unpack({ shape: [5, 4, 6, 1], format: "webp" }, file);
  assert.deepEqual(
    asked.map((each) => [each.file.type, each.file.size]),
    [
      ["image/jpeg", 3],
      ["image/webp", 3],
    ],
  );
  for (const each of asked) each.ready();
  const picture = await one;
  assert.deepEqual(picture.shape, [4, 6, 4]);
  assert.equal(picture.pixels.length, 4 * 6 * 4);
  assert.deepEqual((await many).shape, [5, 4, 6, 4]);
  assert.deepEqual(drawn, [
    [0, 0, 6, 4],
    [0, 0, 6, 20],
  ]);
});

test("a picture that took longer to unpack than a newer one is not shown", async () => {
  const { asked } = fakeBrowser();
  const { said, feed } = fakeFeed();
  const head = { shape: [2, 2, 3], format: "jpeg", seen: true };
  feed.take({ ...head, version: 1 }, latent(1), file);
  feed.take({ ...head, version: 2 }, latent(2), file);
  asked[1].ready();
  await turn();
  asked[0].ready();
  await turn();
  assert.deepEqual(
    said.shown.map(({ z }) => z[0]),
    [2],
  );
  // The link carried both.
  assert.deepEqual(said.seen, [2, 1]);
  feed.take({ shape: [1, 1, 1], version: 3 }, latent(3), new DataView(new ArrayBuffer(1)));
  assert.equal(said.shown.length, 2);
  assert.deepEqual(said.seen, [2, 1]);
});

test("a page that moved on meanwhile keeps its own picture", async () => {
  const { asked } = fakeBrowser();
  const { said, feed } = fakeFeed("browser");
  feed.take({ shape: [2, 2, 3], format: "webp", version: 1 }, latent(1), file);
  said.z = Float32Array.of(5);
  asked[0].ready();
  await turn();
  assert.equal(said.shown.length, 0);
});

test("a file that cannot be read is told of, and the next one is shown", async () => {
  const { asked } = fakeBrowser();
  const { said, feed } = fakeFeed();
  const head = { shape: [2, 2, 3], format: "jpeg" };
  feed.take({ ...head, version: 1 }, latent(1), file);
  asked[0].fail();
  await turn();
  assert.match(said.told[0].error, /cannot be shown: bad file/);
  feed.take({ ...head, version: 2 }, latent(2), file);
  asked[1].ready();
  await turn();
  assert.equal(said.shown.length, 1);
});
