/** Draws the points of one map on the graphics card. */
import { BLOCK } from "./cloud.js";

/**
 * @typedef {import("./cloud.js").Cloud} Cloud
 * @typedef {import("./raster.js").Eye} Eye
 * @typedef {import("./raster.js").Look} Look
 * @typedef {import("./raster.js").Part} Part
 */

const VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec2 at;
layout(location = 1) in float color;
uniform vec2 middle, stretch;
uniform float size, rim;
uniform int part;
uniform sampler2D colors;
out vec3 ink;
void main() {
  bool grey = color > 254.5;
  bool out_of_turn = part == 1 && !grey || part == 2 && grey;
  gl_Position = out_of_turn ? vec4(2.0, 2.0, 0.0, 1.0) : vec4((at - middle) * stretch, 0.0, 1.0);
  gl_PointSize = size + 2.0 * rim + 1.0;
  ink = texelFetch(colors, ivec2(int(color), 0), 0).rgb;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform float size, opacity, rim;
uniform vec3 outline;
in vec3 ink;
out vec4 pixel;
void main() {
  float away = length(gl_PointCoord - 0.5) * (size + 2.0 * rim + 1.0);
  float cover = clamp(size / 2.0 + rim + 0.5 - away, 0.0, 1.0) * opacity;
  if (cover < 0.03) discard;
  vec3 shown = rim > 0.0 ? mix(outline, ink, clamp(size / 2.0 + 0.5 - away, 0.0, 1.0)) : ink;
  pixel = vec4(shown * cover, cover);
}`;

const PARTS = { all: 0, grey: 1, lit: 2 };

/**
 * @typedef {object} Held what the card holds of a map
 * @property {WebGLProgram} program
 * @property {Record<string, WebGLUniformLocation | null>} uniforms
 * @property {WebGLVertexArrayObject} array
 * @property {WebGLBuffer} at
 * @property {WebGLBuffer} color
 * @property {WebGLTexture} colors
 * @property {Cloud} cloud
 * @property {Uint32Array} placed the state of each block
 * @property {Uint32Array} inked
 * @property {number} inking the state of the colours
 */

export class Points {
  #gl;
  /** @type {Held | null} */
  #held = null;

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
  }

  /** The canvas that shows what was drawn last, in its upper left corner. */
  get canvas() {
    return /** @type {HTMLCanvasElement} */ (this.#gl.canvas);
  }

  /** The context was lost, and with it what it held. */
  forget() {
    this.#held = null;
  }

  /**
   * Draw some blocks on nothing.
   * @param {Cloud} cloud
   * @param {Eye} camera
   * @param {Look} look
   * @param {{ from: number, to: number, part: Part }} which blocks, of which the points of a part
   * @param {{ width: number, height: number }} size of the picture, canvas pixels
   */
  draw(cloud, camera, look, { from, to, part }, { width, height }) {
    const gl = this.#gl;
    const held = this.#hold(cloud);
    // It only grows: another size for each map would make it anew each time.
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    for (let block = from; block < to; block += 1) this.#bring(held, cloud, block);
    gl.viewport(0, this.canvas.height - height, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.useProgram(held.program);
    gl.bindVertexArray(held.array);
    gl.bindTexture(gl.TEXTURE_2D, held.colors);
    const { uniforms } = held;
    const scale = 2 * camera.scale;
    gl.uniform2f(uniforms.middle, camera.x, camera.y);
    gl.uniform2f(uniforms.stretch, scale / camera.width, scale / camera.height);
    gl.uniform1f(uniforms.size, look.size * look.ratio);
    gl.uniform1f(uniforms.opacity, look.opacity);
    const [red, green, blue] = (look.outline ?? [0, 0, 0]).map((value) => value / 255);
    gl.uniform3f(uniforms.outline, red, green, blue);
    gl.uniform1f(uniforms.rim, look.outline ? 1 : 0);
    gl.uniform1i(uniforms.part, PARTS[part]);
    const first = from * BLOCK;
    gl.drawArrays(gl.POINTS, first, Math.min(to * BLOCK, cloud.color.length) - first);
  }

  /** Wait until the card has drawn, to know how long it takes. */
  finish() {
    this.#gl.readPixels(0, 0, 1, 1, this.#gl.RGBA, this.#gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  release() {
    const gl = this.#gl;
    if (!this.#held) return;
    const { program, array, at, color, colors } = this.#held;
    gl.deleteProgram(program);
    gl.deleteVertexArray(array);
    gl.deleteBuffer(at);
    gl.deleteBuffer(color);
    gl.deleteTexture(colors);
    this.#held = null;
  }

  /** @param {Cloud} cloud @returns {Held} */
  #hold(cloud) {
    if (this.#held?.cloud !== cloud) {
      this.release();
      this.#held = this.#make(cloud);
    }
    const held = this.#held;
    if (held.inking !== cloud.inking) {
      held.inking = cloud.inking;
      const gl = this.#gl;
      const data = new Uint8Array(256 * 4).fill(255);
      cloud.colors.forEach((color, index) => {
        data.set(color, index * 4);
      });
      gl.bindTexture(gl.TEXTURE_2D, held.colors);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, data);
    }
    return held;
  }

  /** @param {Cloud} cloud @returns {Held} */
  #make(cloud) {
    const gl = this.#gl;
    const program = link(gl);
    const names = ["middle", "stretch", "size", "opacity", "rim", "outline", "part"];
    const uniforms = Object.fromEntries(
      names.map((name) => [name, gl.getUniformLocation(program, name)]),
    );
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    const at = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, at);
    gl.bufferData(gl.ARRAY_BUFFER, cloud.xy.byteLength, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    const color = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, color);
    gl.bufferData(gl.ARRAY_BUFFER, cloud.color.byteLength, gl.DYNAMIC_DRAW);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 1, gl.UNSIGNED_BYTE, false, 0, 0);
    const colors = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, colors);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    const [placed, inked] = [new Uint32Array(cloud.blocks), new Uint32Array(cloud.blocks)];
    return { program, uniforms, array, at, color, colors, cloud, placed, inked, inking: 0 };
  }

  /** Bring a block to the card. @param {Held} held @param {Cloud} cloud @param {number} block */
  #bring(held, cloud, block) {
    const gl = this.#gl;
    cloud.prepare(block);
    const [from, to] = cloud.range(block);
    if (held.placed[block] !== cloud.placing) {
      held.placed[block] = cloud.placing;
      // Neighbours were sorted anew: their colours have changed places too.
      held.inked[block] = 0;
      gl.bindBuffer(gl.ARRAY_BUFFER, held.at);
      gl.bufferSubData(gl.ARRAY_BUFFER, 8 * from, cloud.xy.subarray(2 * from, 2 * to));
    }
    if (held.inked[block] !== cloud.inking) {
      held.inked[block] = cloud.inking;
      gl.bindBuffer(gl.ARRAY_BUFFER, held.color);
      gl.bufferSubData(gl.ARRAY_BUFFER, from, cloud.color.subarray(from, to));
    }
  }
}

/** @param {WebGL2RenderingContext} gl */
function link(gl) {
  const program = gl.createProgram();
  for (const [kind, text] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ]) {
    const shader = gl.createShader(/** @type {number} */ (kind));
    if (!shader) throw new Error("the graphics card is gone");
    gl.shaderSource(shader, String(text));
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(gl.getProgramInfoLog(program) || "the graphics card refuses to draw points");
  }
  return program;
}
