/** Painting on the map: a density to draw a batch from, and a line to go along. */
import { Ask } from "../ask.js";
import { toFloats } from "../bytes.js";
import { button, make } from "../dom.js";
import { paint } from "../picture.js";
import { Along } from "./along.js";
import { draw_dabs, draw_line } from "./dabs.js";
import { MOST_DABS, Paint } from "./paint.js";

/** @typedef {"" | "add" | "take" | "line"} Mode what a drag paints; nothing while it is empty */

const SHEET = 24;
const FRAMES = 12;
/** A dab every so many radii. */
const APART = 0.35;
const MUCH = 0.25;

export class Brush {
  #map;
  #ask;
  /** @type {Mode} */
  #mode = "";
  #paint;
  /** @type {[number, number]} where the hand painted last, on the page */
  #last = [0, 0];
  #seed = 0;
  #open;
  #bar = make("div", { class: "lw-row lw-brush-bar", hidden: true });
  #size = make("input", { type: "range", min: 6, max: 80, value: 28, "aria-label": "Brush" });
  #said = make("span", { class: "lw-small", role: "status" });
  #sheet = make("div", { class: "lw-brush-sheet", hidden: true });
  #film;

  /** @param {import("./map.js").Map_} map */
  constructor(map) {
    this.#map = map;
    const { model, view, toolbar, signal, space } = map;
    this.#ask = new Ask(model, signal, (error) => this.#say(error));
    const toggle = () => this.#choose(this.#bar.hidden ? "add" : "");
    this.#open = button("paint", OPEN, toggle, signal);
    this.#open.classList.add("lw-plane");
    this.#open.hidden = !space.facts.n_rows || space.facts.device === "this page";
    toolbar.add(this.#open);
    for (const [mode, title] of MODES) {
      const one = button(WORDS[mode], title, () => this.#choose(mode), signal);
      one.dataset.mode = mode;
      this.#bar.append(one);
    }
    this.#film = new Along(space, signal);
    const draw = button(`draw ${SHEET}`, DRAW, () => this.#draw(), signal);
    const wipe = () => this.#paint.wipe();
    const clear = button("wipe", "Take all paint and the line away", wipe, signal);
    const undo = button("undo", "Ctrl+Z", () => space.undo(), signal);
    const size = make("label", { class: "lw-row" }, "brush", this.#size);
    this.#bar.append(size, draw, undo, clear, this.#said);
    view.element.after(this.#bar, this.#film.element, this.#sheet);
    view.above.push({
      draw: (pen, camera, theme) => {
        draw_dabs(pen, camera, theme, this.#paint.dabs);
        draw_line(pen, camera, theme, this.#paint.line);
      },
      plane: true,
    });
    const options = { signal, capture: true };
    view.canvas.addEventListener("pointerdown", (event) => this.#press(event), options);
    view.canvas.addEventListener("pointermove", (event) => this.#drag(event), options);
    view.canvas.addEventListener("pointerup", (event) => this.#lift(event), options);
    view.canvas.addEventListener("pointercancel", () => this.#cancel(), options);
    map.root.addEventListener("keydown", (event) => this.#key(event), options);
    this.#paint = new Paint(model, () => this.#show());
    this.#show();
  }

  /** @param {Mode} mode */
  #choose(mode) {
    this.#mode = mode;
    this.#bar.hidden = !mode;
    this.#open.setAttribute("aria-pressed", String(Boolean(mode)));
    this.#map.view.canvas.classList.toggle("lw-trace", Boolean(mode));
    for (const one of this.#bar.querySelectorAll("button")) {
      if (one.dataset.mode) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
    }
    if (mode) this.#say(HINTS[mode]);
    else {
      this.#sheet.hidden = true;
      this.#film.hide();
    }
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const { view } = this.#map;
    if (!this.#mode || !view.plane || event.button !== 0) return;
    event.stopImmediatePropagation();
    view.canvas.setPointerCapture(event.pointerId);
    view.canvas.focus({ preventScroll: true });
    this.#paint.begin(this.#mode === "line");
    this.#put(event, true);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#paint.drawing) return;
    event.stopImmediatePropagation();
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) this.#put(one, false);
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    if (!this.#paint.drawing) return;
    event.stopImmediatePropagation();
    this.#paint.keep();
    if (this.#mode === "line") this.#trace();
    else this.#draw();
  }

  /** @returns {boolean} whether a stroke was under way */
  #cancel() {
    return this.#paint.cancel();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#mode || event.key !== "Escape") return;
    // One thing at a time: the stroke, then the film, then the brush.
    if (!this.#cancel() && !this.#film.stop()) this.#choose("");
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {PointerEvent} event @param {boolean} first */
  #put(event, first) {
    const { camera, canvas } = this.#map.view;
    const box = canvas.getBoundingClientRect();
    const place = /** @type {[number, number]} */ ([
      event.clientX - box.left,
      event.clientY - box.top,
    ]);
    const radius = this.#size.valueAsNumber;
    const gap = this.#mode === "line" ? 3 : radius * APART;
    const last = this.#last;
    if (!first && Math.hypot(place[0] - last[0], place[1] - last[1]) < gap) return;
    this.#last = place;
    const [x, y] = camera.toMap(...place);
    const { dabs, line } = this.#paint;
    if (this.#mode === "line") line.push(x, y);
    else if (dabs.length >= 4 * MOST_DABS) this.#say(FULL);
    else dabs.push(x, y, radius / camera.scale, this.#mode === "add" ? MUCH : -MUCH);
    this.#map.view.redraw();
  }

  /** The paint is another. */
  #show() {
    const { dabs, line } = this.#paint;
    if (!dabs.length) this.#sheet.hidden = true;
    if (!line.length) this.#film.hide();
    this.#map.view.redraw();
  }

  async #draw() {
    const { space } = this.#map;
    this.#seed += 1;
    const reply = await this.#ask.ask("batch", { n: SHEET, seed: this.#seed });
    if (!reply) return;
    const zs = this.#rows(reply.buffers[0]);
    const atlas = space.facts.can_decode ? await space.decode("brush-batch", zs) : null;
    // Meanwhile all paint may have been taken away.
    if (!this.#mode || !this.#paint.dabs.length) return;
    if (!atlas) return this.#say(`${zs.length} latents drawn; without a decoder no pictures.`);
    const { labels, confidence } = reply.content;
    this.#sheet.replaceChildren(
      ...zs.map((z, i) => {
        const sure = labels.length ? `${labels[i]} ${Math.round(100 * confidence[i])} %` : "";
        const go = () => space.write(z, space.gesture());
        const tile = button("", `Move z there. ${sure}`, go, this.#map.signal);
        const canvas = make("canvas");
        paint(canvas, atlas, i);
        tile.append(canvas, make("span", { class: "lw-small" }, sure));
        return tile;
      }),
    );
    this.#sheet.hidden = false;
    this.#say(`Drawn with seed ${this.#seed}; from Python: sample_batch(n, seed).`);
  }

  async #trace() {
    const reply = await this.#ask.ask("trace", { n: FRAMES });
    if (!reply) return;
    if (!this.#mode || !this.#paint.line.length) return;
    await this.#film.show(this.#rows(reply.buffers[0]));
    this.#say("Drag over the pictures, or play: z goes along the line.");
  }

  /** @param {DataView} buffer */
  #rows(buffer) {
    const flat = toFloats(buffer);
    const d = this.#map.space.facts.latent_dim;
    return Array.from({ length: flat.length / d }, (_, i) => flat.slice(i * d, (i + 1) * d));
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
  }
}

/** @type {[Exclude<Mode, "">, string][]} */
const MODES = [
  ["add", "A drag paints a density"],
  ["take", "A drag takes density away"],
  ["line", "A drag draws a line for z to go along"],
];
/** @type {Record<string, string>} */
const WORDS = { add: "density", take: "erase", line: "line" };
/** @type {Record<string, string>} */
const HINTS = {
  add: "Paint where a batch is to be drawn from.",
  take: "Take density away again.",
  line: "Draw a line: its pictures become a film.",
};
const FULL = "There is no room for more paint: wipe it, or paint with a wider brush.";
const OPEN = "Paint a density to draw a batch from, or a line to go along";
const DRAW = "Draw pictures from the painted density";
