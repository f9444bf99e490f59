/** Draws the points on the graphics card. */
import createRegl from "regl";

/**
 * @typedef {import("./raster.js").Cloud} Cloud
 * @typedef {import("./raster.js").Look} Look
 * @typedef {import("./camera.js").Camera} Camera
 */

const VERTEX = `
precision highp float;
attribute vec2 at;
attribute float color;
uniform vec2 middle, stretch;
uniform float size;
uniform sampler2D colors;
varying vec3 ink;
void main() {
  gl_Position = vec4((at - middle) * stretch, 0.0, 1.0);
  gl_PointSize = size + 1.0;
  ink = texture2D(colors, vec2((color + 0.5) / 256.0, 0.5)).rgb;
}`;

const FRAGMENT = `
precision highp float;
uniform float size, opacity;
varying vec3 ink;
void main() {
  float away = length(gl_PointCoord - 0.5) * (size + 1.0);
  float cover = clamp(size / 2.0 + 0.5 - away, 0.0, 1.0) * opacity;
  if (cover < 0.03) discard;
  gl_FragColor = vec4(ink * cover, cover);
}`;

export class WebGL {
  #regl;
  #gl;
  #paint;
  #at;
  #color;
  #colors;
  /** @type {Cloud | null} what the card holds */
  #held = null;

  /** @param {WebGLRenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
    const regl = createRegl({ gl });
    this.#regl = regl;
    // regl's types want the props of a command declared twice more.
    const prop = /** @type {(name: string) => any} */ (regl.prop);
    this.#at = regl.buffer({ usage: "dynamic", type: "float", length: 8 });
    this.#color = regl.buffer({ usage: "dynamic", type: "uint8", length: 1 });
    this.#colors = regl.texture({ width: 256, height: 1, min: "nearest", mag: "nearest" });
    this.#paint = regl({
      vert: VERTEX,
      frag: FRAGMENT,
      attributes: { at: this.#at, color: this.#color },
      uniforms: {
        colors: this.#colors,
        middle: prop("middle"),
        stretch: prop("stretch"),
        size: prop("size"),
        opacity: prop("opacity"),
      },
      primitive: "points",
      count: prop("count"),
      depth: { enable: false },
      blend: { enable: true, func: { src: "one", dst: "one minus src alpha" } },
    });
  }

  /** @param {Cloud} cloud @param {Camera} camera @param {Look} look */
  draw(cloud, camera, look) {
    const regl = this.#regl;
    regl.poll();
    if (cloud !== this.#held) this.#hold(cloud);
    const [red, green, blue] = look.background;
    regl.clear({ color: [red / 255, green / 255, blue / 255, 1] });
    if (!cloud.color.length) return;
    this.#paint({
      middle: [camera.x, camera.y],
      stretch: [(2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height],
      size: look.size * look.ratio,
      opacity: look.opacity,
      count: cloud.color.length,
    });
  }

  /** @param {Cloud} cloud */
  #hold(cloud) {
    this.#held = cloud;
    this.#at(cloud.xy);
    this.#color(cloud.color);
    const data = new Uint8Array(256 * 4).fill(255);
    cloud.colors.forEach((color, index) => {
      data.set(color, index * 4);
    });
    this.#colors({ width: 256, height: 1, data, min: "nearest", mag: "nearest" });
  }

  release() {
    this.#regl.destroy();
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
