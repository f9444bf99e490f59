/** A brush on the decoded picture: the latent follows what is painted. */
import { Ask } from "../ask.js";
import { Belief } from "../belief.js";
import { toBytes } from "../bytes.js";
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Brush } from "../painter/brush.js";
import { Follow } from "../painter/follow.js";
import { Ink } from "../painter/ink.js";
import { paint } from "../picture.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {Record<string, any>} Traits
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports } = await host.getWidget(model.get("space"));
    if (signal.aborted) return;
    const space = /** @type {Space} */ (exports);
    const root = make("section", { class: "lw lw-painter", "aria-label": "Painting" });
    el.append(root);
    showNotices(root, space, signal);
    ownKeys(root, space, signal);
    if (space.facts.can_decode) new Painter(model, root, signal, space);
    else root.append(make("p", { class: "lw-empty" }, NO_DECODER));
  },
};

class Painter {
  #model;
  #space;
  #ask;
  #ink;
  #picture = make("canvas", { class: "lw-picture" });
  #paint = make("canvas", { class: "lw-paint" });
  #ring = make("div", { class: "lw-ring", hidden: true });
  #stage;
  #said = make("p", { class: "lw-said", role: "status" });
  #belief = new Belief();
  #moved = make("div", { class: "lw-moved" });
  #clear;
  #undo;
  /** @type {Follow | null} */
  #follow = null;
  /** @type {number[]} of the stroke under way */
  #places = [];
  /** How many of them can be seen. */
  #shown = 0;

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} root
   * @param {AbortSignal} signal
   * @param {Space} space
   */
  constructor(model, root, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#ask = new Ask(model, signal, (error) => this.#say(error));
    const channels = space.facts.image_shape?.[2] ?? space.frame?.shape[2] ?? 1;
    this.#ink = new Ink(model, channels, () => this.#widen(), signal);
    this.#stage = make("div", { class: "lw-stage", tabindex: 0, role: "img", title: TITLE });
    this.#stage.setAttribute("aria-label", TITLE);
    this.#stage.append(this.#picture, this.#paint, this.#ring);
    const wipe = () => {
      this.#stop();
      this.#ask.ask("clear");
    };
    this.#clear = button("take paint away", "The picture stays as it is", wipe, signal);
    this.#undo = button("undo stroke", "Ctrl+Z", () => space.undo(), signal);
    const side = make("div", { class: "lw-side" }, this.#ink.element, this.#belief.element);
    side.append(this.#moved, this.#said);
    side.append(make("div", { class: "lw-row" }, this.#undo, this.#clear));
    root.append(make("div", { class: "lw-body" }, this.#stage, side));
    // A page without a kernel has nobody to ask.
    if (space.facts.device === "this page") {
      root.classList.add("lw-saved");
      this.#say(SAVED);
    } else {
      const hand = {
        begin: () => this.#begin(),
        draw: (/** @type {number[]} */ places) => this.#draw(places),
        end: () => this.#follow?.end(),
        cancel: () => this.#cancel(),
      };
      new Brush(this.#stage, hand, signal);
      this.#hover(signal);
      this.#ask.ask("warm");
    }
    space.subscribe("frame", () => this.#show(), signal);
    model.on("change:painted", () => this.#tell());
    signal.addEventListener("abort", () => this.#follow?.stop());
    this.#show();
    this.#tell();
  }

  #begin() {
    this.#stop();
    this.#say("");
    const send = (/** @type {object} */ content, /** @type {ArrayBufferView[]} */ buffers) =>
      this.#model.send(content, undefined, /** @type {any} */ (buffers));
    const space = this.#space;
    // What another control wrote last must not come after the stroke.
    space.engine.rest();
    this.#shown = 0;
    this.#follow = new Follow({ send }, this.#ink.ink, space.z, space.gesture());
  }

  /** @param {number[]} places */
  #draw(places) {
    // Once somebody else has moved z, or it failed, the rest of a stroke paints nothing.
    if (!this.#follow) return;
    this.#places = places;
    this.#ghost();
    this.#follow.draw(places);
  }

  /** @returns {boolean} whether there was a stroke under way */
  #cancel() {
    const follow = this.#follow;
    follow?.cancel();
    this.#follow = null;
    return Boolean(follow);
  }

  #stop() {
    this.#follow?.stop();
    this.#follow = null;
  }

  #show() {
    const frame = this.#space.frame;
    if (!frame) return;
    paint(this.#picture, frame, 0, this.#belief.tell);
    this.#stage.style.aspectRatio = `${frame.shape[1]} / ${frame.shape[0]}`;
    this.#stage.style.maxWidth = `${Math.max(1, Math.round(320 / frame.shape[1])) * frame.shape[1]}px`;
    this.#widen();
  }

  /** What Python knows of the paint. */
  #tell() {
    const told = this.#model.get("painted") ?? {};
    const follow = this.#follow;
    if (follow && !follow.hear(told)) return;
    if (told.shape) this.#cover(told.shape, toBytes(told.overlay));
    else this.#paint.width = this.#paint.width;
    this.#shown = follow?.known ?? 0;
    if (follow?.alive) this.#ghost();
    else this.#follow = null;
    this.#write(told);
    this.#say(told.error ?? "");
  }

  /** @param {number[]} shape @param {Uint8Array} rgba */
  #cover([height, width], rgba) {
    this.#paint.width = width;
    this.#paint.height = height;
    const image = new ImageData(new Uint8ClampedArray(rgba), width, height);
    this.#paint.getContext("2d")?.putImageData(image, 0, 0);
  }

  /** The stroke itself at once, until an answer shows what of it is not met. */
  #ghost() {
    const { width, height } = this.#picture;
    const { tool, size, color } = this.#ink.ink;
    if (this.#paint.width !== width || this.#paint.height !== height) {
      this.#paint.width = width;
      this.#paint.height = height;
    }
    const pen = this.#paint.getContext("2d");
    const places = this.#places.slice(2 * Math.max(0, this.#shown - 1));
    if (!pen || 2 * this.#shown >= this.#places.length) return;
    this.#shown = this.#places.length / 2;
    const shades = { lighter: [1, 1, 1], darker: [0, 0, 0], erase: [0.5, 0.5, 0.5] };
    const shade = shades[/** @type {keyof typeof shades} */ (tool)] ?? color;
    pen.strokeStyle = `rgb(${shade.map((part) => Math.round(255 * part)).join(" ")} / 0.5)`;
    pen.lineWidth = size * Math.min(width, height);
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(places[0] * width, places[1] * height);
    // A single place is a dot.
    pen.lineTo(places[0] * width, places[1] * height);
    for (let i = 2; i < places.length; i += 2) {
      pen.lineTo(places[i] * width, places[i + 1] * height);
    }
    pen.stroke();
  }

  /** @param {Record<string, any>} said */
  #write({ strokes, mismatch, moved, away, note }) {
    this.#clear.disabled = this.#undo.disabled = !strokes;
    this.#moved.replaceChildren();
    if (!strokes) {
      this.#moved.append(make("p", { class: "lw-empty" }, FIRST));
      return;
    }
    const met = `${Math.round(100 * Math.max(0, 1 - mismatch))} % of the paint met`;
    const count = strokes === 1 ? "1 stroke" : `${strokes} strokes`;
    const head = `${count}, ${met}, z moved by ${away.toFixed(2)}`;
    this.#moved.append(make("div", { class: "lw-small" }, head));
    const most = Math.max(
      1,
      ...moved.map((/** @type {[string, number]} */ [, by]) => Math.abs(by)),
    );
    for (const [name, by] of moved) {
      const bar = make("span", { class: "lw-bar" });
      bar.style.setProperty("--lw-from", `${by < 0 ? 50 + (50 * by) / most : 50}%`);
      bar.style.setProperty("--lw-long", `${(50 * Math.abs(by)) / most}%`);
      const text = `${by < 0 ? "−" : "+"}${Math.abs(by).toFixed(1)} sd`;
      const row = make("div", { class: "lw-by", title: `${name} moved by ${text} of the rows` });
      row.append(make("span", {}, name.replaceAll("_", " ")), bar, make("output", {}, text));
      this.#moved.append(row);
    }
    if (note) this.#moved.append(make("p", { class: "lw-small" }, note));
  }

  /** @param {AbortSignal} signal */
  #hover(signal) {
    const stage = this.#stage;
    const move = (/** @type {PointerEvent} */ event) => {
      const { left, top } = stage.getBoundingClientRect();
      this.#ring.hidden = event.pointerType === "touch";
      this.#ring.style.translate = `${event.clientX - left}px ${event.clientY - top}px`;
    };
    stage.addEventListener("pointermove", move, { signal });
    stage.addEventListener("pointerleave", () => (this.#ring.hidden = true), { signal });
  }

  #widen() {
    const { width, height } = this.#stage.getBoundingClientRect();
    this.#ring.style.setProperty("--lw-wide", `${this.#ink.ink.size * Math.min(width, height)}px`);
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
  }
}

const TITLE = "Paint here: z goes where the decoder gives what is painted";
const FIRST = "Paint on the picture: z follows the brush, and stays near the data.";
const NO_DECODER = "This space has no decode, so there is no picture to paint on.";
const SAVED = "Painting needs a kernel: this page was saved without one.";
