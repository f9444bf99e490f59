/** The canvas with the points, drawn by whichever renderer suits the machine. */
import { make } from "../dom.js";
import { Raster } from "./raster.js";
import { WebGL } from "./webgl.js";

/**
 * @typedef {import("./raster.js").Cloud} Cloud
 * @typedef {import("./raster.js").Look} Look
 * @typedef {import("./camera.js").Camera} Camera
 */

/** While the map moves, the processor draws at most so many points; at rest it draws all. */
const MOVING_POINTS = 150_000;
/** A picture that takes longer than this is drawn at page pixels while the map moves. */
const SLOW_MS = 10;

export class Layer {
  canvas = newCanvas();
  /** How the points are drawn, when not by WebGL. */
  note = "";
  /** @type {Raster | WebGL | null} none while the map is out of sight */
  #renderer = null;
  #wish;
  #changed;
  #slow = false;
  /** Whether WebGL was tried and is no help here. */
  #hopeless = false;

  /**
   * @param {HTMLElement} holder
   * @param {string} wish "auto", "webgl" or "canvas"
   * @param {() => void} changed another renderer is at work, draw again
   * @param {AbortSignal} signal
   */
  constructor(holder, wish, changed, signal) {
    this.#wish = wish;
    this.#changed = changed;
    holder.prepend(this.canvas);
    // Browsers allow a page some 16 contexts: a map holds one only while it is seen.
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
    this.#wish = wish;
    this.#hopeless = false;
    this.#sleep();
    this.#wake();
  }

  /**
   * @param {Cloud} cloud
   * @param {Camera} camera
   * @param {Omit<Look, "ratio" | "most" | "base">} look
   * @param {boolean} moving a rough picture will do, another comes when the map rests
   * @param {((width: number, height: number, ratio: number) => ImageData) | null} below makes what
   *   lies below the points
   */
  draw(cloud, camera, look, moving, below = null) {
    if (!this.#renderer) return;
    const onCard = this.#renderer instanceof WebGL;
    const rough = moving && this.#slow && !onCard;
    const ratio = rough ? 1 : window.devicePixelRatio;
    const width = Math.max(1, Math.round(camera.width * ratio));
    const height = Math.max(1, Math.round(camera.height * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const start = performance.now();
    const most = rough ? MOVING_POINTS : Number.POSITIVE_INFINITY;
    const base = below?.(width, height, ratio) ?? null;
    this.#renderer.draw(cloud, camera, { ...look, ratio, most, base });
    if (!rough) this.#slow = performance.now() - start > SLOW_MS;
  }

  #wake() {
    if (this.#renderer) return;
    const gl = this.#wish === "canvas" || this.#hopeless ? null : this.#context();
    this.#renderer = (gl && this.#onCard(gl)) ?? new Raster(this.canvas);
    this.#hopeless = this.#renderer instanceof Raster;
    const missed = this.#hopeless && this.#wish === "webgl";
    this.note = missed ? "no WebGL here: drawn on a canvas" : "";
    this.#changed();
  }

  #sleep() {
    // The old picture stays with a Raster; a released context leaves nothing to look at.
    if (this.#renderer instanceof WebGL) {
      this.#renderer.release();
      this.#replace();
    }
    this.#renderer = null;
  }

  /** @param {WebGLRenderingContext} gl */
  #onCard(gl) {
    try {
      return new WebGL(gl);
    } catch {
      // A page that forbids generated code forbids regl; the canvas needs none.
      this.#replace();
      return null;
    }
  }

  /** A WebGL context, unless it would be a slow imitation and nobody insists. */
  #context() {
    const insist = this.#wish === "webgl";
    const gl = this.canvas.getContext("webgl", {
      alpha: false,
      antialias: false,
      depth: false,
      failIfMajorPerformanceCaveat: !insist,
    });
    if (gl && !insist && isSoftware(gl)) {
      gl.getExtension("WEBGL_lose_context")?.loseContext();
      this.#replace();
      return null;
    }
    const canvas = this.canvas;
    canvas.addEventListener("webglcontextlost", () => {
      // Taken away by the browser, not given back by us; a canvas stays.
      if (canvas !== this.canvas) return;
      this.#sleep();
      this.#hopeless = true;
      this.#wake();
    });
    return gl;
  }

  /** A canvas that once gave a WebGL context gives no other. */
  #replace() {
    const old = this.canvas;
    this.canvas = newCanvas();
    old.replaceWith(this.canvas);
  }
}

function newCanvas() {
  return make("canvas", { class: "lw-points", "aria-hidden": "true" });
}

/** @param {WebGLRenderingContext} gl whether the processor plays the graphics card */
function isSoftware(gl) {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i.test(name);
}
