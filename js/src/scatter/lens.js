/** The picture under the pointer, larger, where pictures lie under the points. */
import { make } from "../dom.js";
import { paint } from "../picture.js";
import { beside } from "./beside.js";
import { css } from "./palette.js";

/** So many times as far as rows usually are from one another is far. */
const FAR = 4;

export class Lens {
  #card = make("div", { class: "lw-preview lw-lens", hidden: true });
  #canvas = make("canvas");
  #text = make("div", { class: "lw-small" });
  #map;
  #tiles;
  #channel = `lens-${Math.random().toString(36).slice(2)}`;
  #key = "";
  /** @type {[number, number] | null} the middle of the square that is shown */
  #at = null;

  /** @param {import("./map.js").Map_} map @param {import("./tiles.js").Tiles} tiles */
  constructor(map, tiles) {
    this.#map = map;
    this.#tiles = tiles;
    const { view, signal } = map;
    this.#card.append(this.#canvas, this.#text);
    view.element.append(this.#card);
    view.above.push({ draw: (pen, camera, theme) => this.#draw(pen, camera, theme) });
    const { canvas } = view;
    canvas.addEventListener("pointermove", (event) => this.#move(event), { signal });
    for (const end of ["pointerdown", "pointerleave", "wheel"]) {
      canvas.addEventListener(end, () => this.#hide(), { signal, passive: true });
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { view } = this.#map;
    // A row under the pointer shows its own picture, and a finger hides what is under it.
    const other = view.scene.ring || view.canvas.classList.contains("lw-move");
    if (!this.#tiles.on || event.buttons || event.pointerType === "touch" || other) {
      this.#hide();
      return;
    }
    const box = view.canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    this.#show(this.#tiles.around(view.camera.toMap(px, py)), px, py);
  }

  /** @param {[number, number]} at @param {number} px @param {number} py */
  async #show(at, px, py) {
    const { space, places, view } = this.#map;
    const key = at.join();
    if (key !== this.#key) {
      this.#key = key;
      this.#at = at;
      view.redraw();
      const [z] = await this.#tiles.latents([at]);
      const atlas = z && (await space.decode(this.#channel, [z]));
      // The pointer is elsewhere by now.
      if (key !== this.#key) return;
      this.#canvas.hidden = !atlas;
      if (atlas) paint(this.#canvas, atlas);
      this.#text.textContent = this.#describe(places, at);
    }
    this.#card.hidden = false;
    beside(this.#card, px, py);
  }

  /** @param {import("./places.js").Places} places @param {[number, number]} at */
  #describe(places, at) {
    if (!places.xy.length) return "decoded here";
    const distance = Math.sqrt(places.index.find(at, 1).squared[0]);
    const short = Number(distance.toPrecision(2));
    return distance > FAR * places.gap ? `no row within ${short}` : `nearest row ${short} away`;
  }

  #hide() {
    if (!this.#key) return;
    this.#key = "";
    this.#at = null;
    this.#card.hidden = true;
    this.#map.view.redraw();
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {import("./camera.js").Camera} camera
   * @param {import("./marks.js").Theme} theme
   */
  #draw(pen, camera, theme) {
    if (!this.#at) return;
    const [x, y] = this.#at;
    const half = this.#tiles.reach;
    const [left, top] = camera.toPage(x - half, y + half).map(Math.round);
    const [right, low] = camera.toPage(x + half, y - half).map(Math.round);
    pen.strokeStyle = css(theme.accent);
    pen.lineWidth = 2;
    pen.strokeRect(left + 1, top + 1, right - left - 2, low - top - 2);
  }
}
