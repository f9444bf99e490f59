/** What is looked for, as large as it can be seen: its picture or its words. */
import { toBytes, toFloats } from "../bytes.js";
import { make } from "../dom.js";
import { paint } from "../picture.js";

/** @typedef {import("../space.js").Space} Space */

export class Asked {
  element = make("figure", { class: "lw-asked" });

  #space;
  #canvas = make("canvas", { role: "img" });
  #words = make("blockquote", { class: "lw-words" });
  #caption = make("figcaption", { class: "lw-small" });
  #channel = `asked-${Math.random().toString(36).slice(2)}`;
  /** @type {Record<string, any>} */
  #query = { kind: "z" };

  /** @param {Space} space @param {AbortSignal} signal */
  constructor(space, signal) {
    this.#space = space;
    this.element.append(this.#canvas, this.#words, this.#caption);
    const follow = () => this.#query.kind === "z" && this.#paintCurrent();
    space.subscribe("frame", follow, signal);
    space.subscribe("model", () => this.show(this.#query), signal);
  }

  /** @param {Record<string, any>} query what Python's query says */
  show(query) {
    this.#query = query;
    const { kind, row, text } = query;
    const { selection } = this.#space;
    const captions = /** @type {Record<string, string>} */ ({
      z: "current z",
      row: `row ${row}`,
      selection: selection.length ? `mean of ${selection.length} selected` : "nothing selected",
      latent: "latent",
      picture: "your picture",
      text: "",
    });
    this.#caption.textContent = captions[kind];
    this.#canvas.setAttribute("aria-label", captions[kind]);
    this.#words.textContent = text ?? "";
    this.#words.hidden = kind !== "text";
    this.#canvas.hidden = kind === "text";
    if (kind === "z") this.#paintCurrent();
    else this.#fetch(query);
  }

  #paintCurrent() {
    const { frame, facts } = this.#space;
    this.#canvas.hidden = !facts.can_decode;
    if (frame) paint(this.#canvas, frame);
  }

  /** @param {Record<string, any>} query */
  async #fetch(query) {
    const atlas = await this.#atlas(query);
    if (this.#query !== query || query.kind === "text") return;
    this.#canvas.hidden = !atlas;
    if (atlas) paint(this.#canvas, atlas);
  }

  /** @param {Record<string, any>} query */
  async #atlas({ kind, row, z, shape, pixels }) {
    const space = this.#space;
    if (kind === "picture") return { shape, pixels: toBytes(pixels) };
    if (kind === "row") return (await space.data.rows(this.#channel, [row]))?.atlas ?? null;
    if (!space.facts.can_decode) return null;
    if (kind === "latent") return space.decode(this.#channel, [toFloats(z)]);
    const rows = [...space.selection];
    if (kind !== "selection" || !rows.length) return null;
    const mean = await space.data.mean(this.#channel, { rows });
    return mean && space.decode(this.#channel, [mean.z]);
  }
}
