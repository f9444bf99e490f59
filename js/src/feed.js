/**
 * What arrives: which picture is shown, whose latent is believed. The twin of feed.py.
 *
 * The kernel numbers latents in the order it accepted them, so that older pictures can be told
 * from newer ones whoever wrote them: this page, another, or Python.
 */
import { toFloats } from "./bytes.js";
import { unpack } from "./unpack.js";

/**
 * @typedef {import("./decode/kernel.js").Picture} Picture
 *
 * @typedef {Picture & { z: Float32Array, ms: number, encode_ms: number,
 *   round_trip: number | null, place: "browser" | "kernel",
 *   honesty?: import("./honesty.js").Honesty }} Frame
 *   z: what it shows; ms: the decode alone; encode_ms: tensor to bytes; round_trip: from the
 *   hand to the pixels
 *
 * @typedef {object} Notice
 * @property {string} error one sentence
 * @property {string} [detail] the traceback
 * @property {number} [seq] the request it speaks of: pictures of later ones clear it
 *
 * @typedef {object} Hooks
 * @property {string} client names this page
 * @property {{ busy: boolean, answered(seq: number | undefined): number | null,
 *   seen(version: number): void }} kernel
 * @property {{ place: "browser" | "kernel", moving: boolean }} engine
 * @property {() => Float32Array} now the page's latent
 * @property {(z: Float32Array, pictured: boolean) => void} adopt believe another's latent
 * @property {(frame: Frame) => void} show
 * @property {() => Notice | null} notice
 * @property {(notice: Notice | null) => void} tell
 */

export class Feed {
  #hooks;
  #version = -1;
  /** Of the newest picture that was shown: large ones take a moment to unpack. */
  #shown = -1;

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /**
   * Take a frame message; `pixels` stays away when the kernel only says where z is.
   * @param {Record<string, any>} content
   * @param {import("./bytes.js").Bytes} latent
   * @param {import("./bytes.js").Bytes} pixels
   */
  take(content, latent, pixels) {
    const { kernel, engine, now, adopt, tell, notice, client } = this.#hooks;
    const seq = content.answered?.[client];
    const trip = kernel.answered(seq);
    if (content.version <= this.#version) return;
    this.#version = content.version;
    const z = toFloats(latent);
    // While our own newer latent is under way it will win: the kernel takes them in order.
    const ours = kernel.busy || engine.moving;
    if (!ours && !same(z, now())) adopt(z, Boolean(content.shape));
    if (content.error) {
      tell({ error: content.error, detail: content.detail });
      return;
    }
    if ((notice()?.seq ?? -1) < (seq ?? 0)) tell(null);
    if (!content.shape) return;
    const arrived = performance.now();
    const picture = unpack(content, pixels);
    if (!(picture instanceof Promise)) {
      this.#show(content, z, picture, trip);
      return;
    }
    picture.then(
      (found) => {
        const late = performance.now() - arrived;
        this.#show(content, z, found, trip === null ? null : trip + late);
      },
      (error) => tell({ error: `The picture cannot be shown: ${error.message}` }),
    );
  }

  /**
   * @param {Record<string, any>} content
   * @param {Float32Array} z
   * @param {import("./unpack.js").Pixels} picture
   * @param {number | null} round_trip
   */
  #show({ version, ms, encode_ms, seen }, z, picture, round_trip) {
    const { kernel, engine, now, show } = this.#hooks;
    if (seen) kernel.seen(version);
    if (version < this.#shown) return;
    // The page's own pictures are newer than the kernel's until the hand rests.
    if (engine.place === "browser" && !same(z, now())) return;
    this.#shown = version;
    const shape = /** @type {[number, number, number]} */ (picture.shape);
    show({ z, shape, pixels: picture.pixels, ms, encode_ms, round_trip, place: "kernel" });
  }

  /** @param {Record<string, any>} content an error that belongs to one of our requests */
  fail(content) {
    const { client, kernel, tell } = this.#hooks;
    if (content.client !== client) return;
    kernel.answered(content.seq);
    tell({ error: content.error, detail: content.detail, seq: content.seq });
  }

  /**
   * Take a picture that this page decoded.
   * @param {import("./decode/browser.js").Decoded} decoded
   * @param {Float32Array} z
   * @param {number} asked when z was written, as performance.now() has it
   */
  paint({ shape, pixels, ms }, z, asked) {
    const [, height, width, channels] = shape;
    this.#hooks.show({
      z,
      shape: [height, width, channels],
      pixels,
      ms,
      encode_ms: 0,
      round_trip: performance.now() - asked,
      place: "browser",
    });
  }
}

/** @param {Float32Array} a @param {Float32Array} b */
function same(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
