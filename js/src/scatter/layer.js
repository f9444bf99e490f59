/**
 * The canvas with the points, drawn by whichever renderer suits the machine.
 *
 * Under the hand as many points are drawn as fit into a frame, and small print says how many; at
 * rest all of them, a slice each frame, so that the page never waits.
 */
import { make } from "../dom.js";
import { BLOCK } from "./cloud.js";
import { Pace, SLICE_MS, weigh } from "./pace.js";
import { Raster } from "./raster.js";
import { Seat } from "./seat.js";

/**
 * @typedef {import("./cloud.js").Cloud} Cloud
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./raster.js").Look} Look
 * @typedef {(width: number, height: number, ratio: number) => ImageData} Below
 *
 * @typedef {import("./raster.js").Eye} Eye
 *
 * @typedef {object} Job a picture that is being drawn
 * @property {string} key what it shows
 * @property {string} place from where it is seen
 * @property {Cloud} cloud
 * @property {Eye} camera
 * @property {Look} look
 * @property {import("./raster.js").Part[]} parts of the points, the lowest first
 * @property {number} block the next one of the first part
 * @property {number} end blocks to draw
 * @property {boolean} moving
 * @property {number} took ms
 * @property {Below | null} below
 */

/** A picture that takes longer than this is drawn at page pixels while the map moves. */
const SLOW_MS = 100;

export class Layer {
  canvas = make("canvas", { class: "lw-points", "aria-hidden": "true" });
  /** How many points are drawn when not all are, and by whom, in small print. */
  note = make("span", { class: "lw-small" });
  #context;
  #raster;
  #seat;
  #awake = false;
  #changed;
  #pace = new Pace();
  #slow = false;
  /** @type {Job | null} */
  #job = null;
  /** What is seen now: from where, and how many blocks of it. */
  #seen = { place: "", blocks: 0 };
  #frame = 0;

  /**
   * @param {HTMLElement} holder
   * @param {string} wish "auto", "webgl" or "canvas"
   * @param {() => void} changed another renderer is at work, draw again
   * @param {AbortSignal} signal
   */
  constructor(holder, wish, changed, signal) {
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this page offers no 2-D canvas");
    this.#context = context;
    this.#raster = new Raster(context);
    this.#seat = new Seat(wish, () => this.#again());
    this.#changed = changed;
    holder.prepend(this.canvas);
    // The first picture does not wait to hear whether it is seen.
    this.#wake();
    // A map that is out of sight holds nothing on the card and draws nothing.
    const observer = new IntersectionObserver(
      ([entry]) => (entry.isIntersecting ? this.#wake() : this.#sleep()),
      { rootMargin: "100px" },
    );
    observer.observe(holder);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      this.#sleep();
    });
  }

  /** @param {string} wish */
  use(wish) {
    const awake = this.#awake;
    this.#sleep();
    this.#seat.use(wish);
    if (awake) this.#wake();
  }

  /**
   * @param {Cloud} cloud
   * @param {Camera} camera
   * @param {Omit<Look, "ratio">} look
   * @param {boolean} moving a part of the points will do, all come when the map rests
   * @param {Below | null} below makes what lies below the points
   */
  draw(cloud, camera, look, moving, below = null) {
    if (!this.#awake) return;
    const ratio = moving && this.#slow && !this.#seat.points ? 1 : window.devicePixelRatio;
    const { x, y, scale, width, height } = camera;
    // A copy: the camera may have moved before the last slice is drawn.
    const eye = { x, y, scale, width, height };
    const place = Object.values(eye).join();
    const { size, opacity, background, outline } = look;
    const ink = [size, opacity, background, outline, cloud.placing, cloud.inking].join();
    const key = [place, ink, ratio, !below, moving].join();
    if (key === this.#job?.key && !moving && !this.#seat.points) {
      // Only what lies below has changed.
      this.#job.below = below;
      if (!this.#frame) this.#show(this.#job);
      return;
    }
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const end = moving ? Math.min(this.#pace.blocks, cloud.blocks) : cloud.blocks;
    this.#job = {
      ...{ key, place, cloud, moving, below, end, camera: eye, block: 0, took: 0 },
      look: { ...look, ratio, opacity: weigh(opacity, end / Math.max(cloud.blocks, 1)) },
      parts: cloud.layered ? ["grey", "lit"] : ["all"],
    };
    if (this.#seat.points) this.#onCard(this.#job);
    else this.#onCanvas(this.#job, true);
  }

  /** @param {Job} job @param {boolean} [first] */
  #onCanvas(job, first = false) {
    const { cloud, camera, parts } = job;
    if (first) this.#raster.begin(cloud, job.look, sizeOf(job), job.below !== null);
    const all = job.end * parts.length;
    const start = performance.now();
    while (job.block < all && (job.moving || performance.now() - start < SLICE_MS)) {
      const block = job.block % job.end;
      cloud.prepare(block);
      this.#raster.draw(cloud, camera, block, parts[Math.floor(job.block / job.end)]);
      job.block += 1;
    }
    job.took += performance.now() - start;
    const drawn = job.block - (parts.length - 1) * job.end;
    const done = job.block === all;
    // Never fewer points than a moment ago from the same place.
    if (done || (drawn > 0 && (job.place !== this.#seen.place || drawn > this.#seen.blocks))) {
      this.#show(job);
      this.#seen = { place: job.place, blocks: Math.max(drawn, 0) };
    }
    this.#count(job, Math.max(drawn, 0));
    if (!done) this.#frame = requestAnimationFrame(() => this.#onCanvas(job));
  }

  /** @param {Job} job */
  #show(job) {
    const { width, height } = sizeOf(job);
    const base = job.below?.(width, height, job.look.ratio) ?? null;
    this.#fit(width, height);
    this.#raster.show(base);
  }

  /** @param {Job} job */
  #onCard(job) {
    const { points } = this.#seat;
    if (!points) return;
    const start = performance.now();
    const { cloud, camera, look, parts } = job;
    const size = sizeOf(job);
    if (job.block === 0) this.#ground(job);
    const all = job.end * parts.length;
    let slice = this.#pace.blocks;
    while (job.block < all && (job.moving || performance.now() - start < SLICE_MS)) {
      const part = Math.floor(job.block / job.end);
      const from = job.block % job.end;
      const to = Math.min(from + slice, job.end);
      points.draw(cloud, camera, look, { from, to, part: parts[part] }, size);
      const { width, height } = size;
      this.#context.drawImage(points.canvas, 0, 0, width, height, 0, 0, width, height);
      if (!job.moving) points.finish();
      job.block += to - from;
      slice *= 2;
    }
    job.took += performance.now() - start;
    this.#count(job, Math.max(job.block - (parts.length - 1) * job.end, 0));
    if (job.block < all) this.#frame = requestAnimationFrame(() => this.#onCard(job));
  }

  /** What lies below the points. @param {Job} job */
  #ground(job) {
    const { width, height } = sizeOf(job);
    this.#fit(width, height);
    const base = job.below?.(width, height, job.look.ratio);
    if (base) this.#context.putImageData(base, 0, 0);
    else {
      this.#context.fillStyle = `rgb(${job.look.background.join(" ")})`;
      this.#context.fillRect(0, 0, width, height);
    }
  }

  /** @param {number} width @param {number} height */
  #fit(width, height) {
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  /** Learn from what was drawn, and say how much it is. @param {Job} job @param {number} drawn blocks */
  #count(job, drawn) {
    this.#frame = 0;
    const { blocks, color } = job.cloud;
    if (job.moving) this.#pace.moved(job.took, performance.now(), blocks);
    else if (drawn === blocks) {
      this.#pace.rested(job.took, blocks, blocks);
      this.#slow = job.took > SLOW_MS;
    }
    if (drawn < blocks) {
      const some = Math.min(drawn * BLOCK, color.length).toLocaleString("en");
      const when = job.moving ? "while moving" : "so far";
      this.#say(`${some} of ${color.length.toLocaleString("en")} points ${when}`, SAMPLE);
    } else if (this.#seat.missed) this.#say("no WebGL here: drawn on a canvas", CANVAS);
    else this.#say("", "");
  }

  /** @param {string} text @param {string} title */
  #say(text, title) {
    if (this.note.textContent === text) return;
    this.note.textContent = text;
    this.note.title = title;
  }

  #wake() {
    if (this.#awake) return;
    this.#awake = true;
    this.#seat.take();
    this.#again();
  }

  #again() {
    this.#job = null;
    this.#seen = { place: "", blocks: 0 };
    this.#changed();
  }

  #sleep() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#job = null;
    this.#awake = false;
    this.#seat.leave();
  }
}

/** @param {Job} job @returns {{ width: number, height: number }} canvas pixels */
function sizeOf({ camera, look }) {
  return {
    width: Math.max(1, Math.round(camera.width * look.ratio)),
    height: Math.max(1, Math.round(camera.height * look.ratio)),
  };
}

const CANVAS =
  "The processor draws the points: this page has no graphics card, or no WebGL to reach it.";
const SAMPLE =
  "As many points as this machine draws in a moment, evenly picked; all of them follow when the " +
  "map rests. The pointer finds all points all the time.";
