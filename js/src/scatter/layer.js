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
  canvas = make("canvas", { class: "lw-points", "aria-hidden": "true" });
  /** How the points are drawn, in a few words. */
  note = "";
  /** @type {Raster | WebGL} */
  #renderer;
  #holder;
  #lost;
  #slow = false;

  /**
   * @param {HTMLElement} holder
   * @param {string} wish "auto", "webgl" or "canvas"
   * @param {AbortSignal} signal
   * @param {() => void} lost the card dropped the picture, draw it again
   */
  constructor(holder, wish, signal, lost) {
    this.#holder = holder;
    this.#lost = lost;
    holder.prepend(this.canvas);
    this.#renderer = this.#choose(wish);
    signal.addEventListener("abort", () => this.#renderer.release());
  }

  /** @param {string} wish */
  use(wish) {
    this.#renderer.release();
    const fresh = make("canvas", { class: "lw-points", "aria-hidden": "true" });
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
    this.#renderer = this.#choose(wish);
  }

  /**
   * @param {Cloud} cloud
   * @param {Camera} camera
   * @param {Omit<Look, "ratio" | "most">} look
   * @param {boolean} moving
   * @returns {boolean} whether a better picture is due at rest
   */
  draw(cloud, camera, look, moving) {
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
    this.#renderer.draw(cloud, camera, { ...look, ratio, most });
    if (!rough) this.#slow = performance.now() - start > SLOW_MS;
    return rough;
  }

  /** @param {string} wish */
  #choose(wish) {
    const gl = wish === "canvas" ? null : this.#context(wish === "webgl");
    if (gl) {
      try {
        const renderer = new WebGL(gl);
        this.note = "WebGL";
        return renderer;
      } catch {
        // A page that forbids generated code forbids regl; the canvas needs none.
        this.#fresh();
      }
    }
    this.note = wish === "webgl" ? "no WebGL on this page: drawn on a canvas" : "canvas";
    return new Raster(this.canvas);
  }

  /**
   * A WebGL context, unless it would be a slow imitation and nobody insists.
   * @param {boolean} insist
   */
  #context(insist) {
    const options = { alpha: false, antialias: false, depth: false };
    const gl = this.canvas.getContext("webgl", {
      ...options,
      failIfMajorPerformanceCaveat: !insist,
    });
    if (!gl) return null;
    if (!insist && isSoftware(gl)) {
      gl.getExtension("WEBGL_lose_context")?.loseContext();
      this.#fresh();
      return null;
    }
    const canvas = this.canvas;
    canvas.addEventListener("webglcontextlost", () => {
      // Browsers take contexts away when a page has many; a canvas stays.
      if (canvas !== this.canvas || !this.#holder.isConnected) return;
      this.use("canvas");
      this.#lost();
    });
    return gl;
  }

  #fresh() {
    const fresh = make("canvas", { class: "lw-points", "aria-hidden": "true" });
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
  }
}

/** @param {WebGLRenderingContext} gl whether the processor plays the graphics card */
function isSoftware(gl) {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i.test(name);
}
