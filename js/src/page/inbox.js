/**
 * Answers what a space asks, in the page itself: the twin of latent_widgets/inbox.py.
 *
 * Pictures come from the page's own decoder; until it is there, and where it cannot run, they
 * are the nearest of those that were decoded beforehand.
 */
import { toFloats } from "../bytes.js";
import { readFacts } from "../facts.js";
import { geometryOf } from "../geometry.js";
import { Grid } from "./grid.js";
import { History } from "./history.js";
import { Normal } from "./normal.js";
import { Rows } from "./rows.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("./document.js").Saved} Saved
 * @typedef {[Record<string, any>, ArrayBufferView[]]} Answer
 * @typedef {Record<string, any>} Content
 */

const SEED = 0;

export class Inbox {
  /** Pictures decoded beforehand. */
  grid;

  #width;
  #rows;
  #history;
  #normal = new Normal(SEED);
  #geometry;
  #version;
  /** The number of the page's newest request to move. @type {Record<string, number>} */
  #answered = {};
  #block;
  #post;
  /** @type {Space | null} */
  #space = null;
  #settled = () => {};
  /** Whether the page's decoder is there, or will never be. */
  #ready = new Promise((/** @type {(value: void) => void} */ resolve) => {
    this.#settled = resolve;
  });

  /**
   * @param {Saved} saved
   * @param {(name: string) => Promise<Uint8Array>} block
   * @param {(...answer: Answer) => void} post
   */
  constructor(saved, block, post) {
    const { facts: raw, frame } = saved.widgets[saved.space].traits;
    const facts = readFacts(raw);
    this.#width = facts.latent_dim;
    this.#geometry = geometryOf(facts.geometry);
    const points = toFloats(saved.points);
    this.#rows = new Rows(points, facts.latent_dim, facts.columns, this.#geometry);
    this.grid = new Grid(saved.grid, facts.latent_dim, this.#geometry);
    this.#history = new History(toFloats(frame.z));
    this.#version = frame.version;
    this.#block = block;
    this.#post = post;
  }

  /** @param {Space} space whose questions these are */
  attend(space) {
    this.#space = space;
    space.subscribe("engine", () => {
      this.#settled();
      // Until now its picture was one made beforehand.
      if (this.live) space.engine.preview(space.z);
    });
  }

  /** Whether the page decodes. */
  get live() {
    return this.#space?.engine.place === "browser";
  }

  /** @param {Content} content @param {ArrayBufferView[]} buffers */
  async receive(content, buffers) {
    const { op, client, channel, seq, gesture } = content;
    const z = buffers.length ? toFloats(/** @type {any} */ (buffers[0])) : new Float32Array();
    const head = { kind: op === "z" ? "notice" : "reply", client, channel, seq };
    try {
      if (op === "z") {
        this.#history.record(z, gesture);
        this.#answered = { [client]: seq };
        await this.#show(z);
        return;
      }
      const [body, blobs] = await this.#answer(content, z);
      this.#post({ ...head, ...body }, blobs);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#post({ ...head, error: text }, []);
    }
  }

  /** @param {Float32Array} z */
  async #show(z) {
    this.#version += 1;
    const times = { ms: 0, encode_ms: 0 };
    const head = { kind: "frame", version: this.#version, answered: this.#answered, ...times };
    if (this.live) {
      this.#post({ ...head, shape: null }, [z]);
      return;
    }
    const { shape, pixels } = await this.grid.pictures(z);
    this.#post({ ...head, shape: shape.slice(1) }, [z, pixels]);
  }

  /** @param {Content} content @param {Float32Array} z @returns {Promise<Answer>} */
  async #answer({ op, channel, rows, column, category, k }, z) {
    switch (op) {
      case "decode":
        return this.#pictures(channel, z);
      case "rows":
        return this.#lookUp(channel, rows);
      case "mean": {
        const which = rows ?? this.#rows.where(column, category);
        return [{ count: which.length }, [this.#rows.mean(which)]];
      }
      case "nearest": {
        const found = this.#rows.nearest(z, k);
        const ids = found.map(({ row }) => row);
        const [body, blobs] = await this.#lookUp(channel, ids);
        return [{ ...body, rows: ids, distances: found.map((one) => one.distance) }, blobs];
      }
      case "sample":
        return [{}, [Float32Array.from(this.#geometry.draw(this.#normal.draw(this.#width)) ?? [])]];
      case "undo":
        return this.#step(this.#history.undo());
      case "redo":
        return this.#step(this.#history.redo());
      case "runtime":
        return [{}, [await this.#block("script"), await this.#block("runtime")]];
      case "decoder":
        return [{}, [await this.#block("decoder")]];
      default:
        throw new Error(`This page cannot answer ${op}.`);
    }
  }

  /** @param {Float32Array | null} z @returns {Promise<Answer>} */
  async #step(z) {
    if (z) await this.#show(z);
    return [{ moved: z !== null }, []];
  }

  /** @param {string} channel @param {number[]} rows @returns {Promise<Answer>} */
  async #lookUp(channel, rows) {
    const zs = this.#rows.latents(rows);
    const [body, blobs] = await this.#pictures(channel, zs);
    return [body, [...blobs, zs]];
  }

  /** @param {string} channel @param {Float32Array} zs @returns {Promise<Answer>} */
  async #pictures(channel, zs) {
    await this.#ready;
    const decoded = this.live ? await this.#space?.engine.decode(channel, zs) : null;
    const { shape, pixels } = decoded ?? (await this.grid.pictures(zs));
    return [{ shape }, [pixels]];
  }
}
