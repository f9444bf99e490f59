/** What can be done with a picture that was encoded: move z, draw from its posterior, keep it. */
import { toBytes, toFloats } from "../bytes.js";
import { button, make } from "../dom.js";
import { Shelf } from "./shelf.js";
import { POINT } from "./texts.js";

/**
 * @typedef {import("./result.js").Told} Told
 *
 * @typedef {object} Hand
 * @property {() => void} send
 * @property {(z: Float32Array) => void} go
 * @property {(picture: { shape: number[], pixels: DataView }) => void} back
 * @property {(op: string, params?: Record<string, any>) => unknown} ask
 */

export class After {
  element = make("div", { class: "lw-after" });

  #model;
  #hand;
  #live = make("input", { type: "checkbox" });
  #again;
  #draws;
  #tray;
  #seed = make("span", { class: "lw-small" });
  #buttons;

  /**
   * @param {import("@anywidget/types").AnyModel<Record<string, any>>} model
   * @param {Hand} hand
   * @param {AbortSignal} signal
   */
  constructor(model, hand, signal) {
    this.#model = model;
    this.#hand = hand;
    const send = button("move z here", "Make the mean the current z", hand.send, signal);
    const next = () => hand.ask("resample", { seed: (model.get("draws").seed ?? -1) + 1 });
    const title = "Draw latents from the posterior, each with a seed of its own, and decode them";
    this.#again = button("draw from the posterior", title, next, signal);
    const keep = button("keep", "Put the picture into the tray", () => hand.ask("keep"), signal);
    this.#buttons = [send, this.#again, keep];
    for (const one of this.#buttons) one.className = "lw-chip";
    const live = make("label", { title: "z goes where each new picture is encoded" });
    live.append(this.#live, "z follows");
    this.#draws = new Shelf("draws", "Draws from the posterior", signal);
    this.#tray = new Shelf("kept", "Kept pictures", signal);
    this.element.append(
      make("div", { class: "lw-row lw-actions" }, send, live, this.#again, this.#seed, keep),
      this.#draws.element,
      this.#tray.element,
    );
    this.#live.addEventListener(
      "change",
      () => {
        model.set("live", this.#live.checked);
        model.save_changes();
        if (this.#live.checked) hand.send();
      },
      { signal },
    );
    model.on("change:live", () => this.#showLive());
    model.on("change:draws", () => this.#showDraws());
    model.on("change:tray", () => this.#showTray());
    this.#showLive();
    this.#showDraws();
    this.#showTray();
  }

  /** @param {Told | null} told */
  show(told) {
    for (const one of this.#buttons) one.disabled = !told;
    const point = told !== null && !told.wide;
    this.#again.hidden = point;
    if (point) this.#seed.textContent = POINT;
    else this.#showDraws();
  }

  #showLive() {
    this.#live.checked = this.#model.get("live");
  }

  #showDraws() {
    const { zs, shape, pixels, seed, count } = this.#model.get("draws") ?? {};
    this.#again.textContent = zs ? "another draw" : "draw from the posterior";
    this.#seed.textContent = zs ? `seed ${seed}` : "";
    if (!zs) return this.#draws.show([]);
    const all = toFloats(zs);
    const d = all.length / count;
    const size = shape && shape[1] * shape[2] * shape[3];
    this.#draws.show(
      Array.from({ length: count }, (_, i) => ({
        title: `Move z to draw ${i + 1} of seed ${seed}`,
        text: String(i + 1),
        picture: shape && {
          shape: shape.slice(1),
          pixels: toBytes(pixels).subarray(i * size, (i + 1) * size),
        },
        press: () => this.#hand.go(all.slice(i * d, (i + 1) * d)),
      })),
    );
  }

  #showTray() {
    this.#tray.show(
      this.#model.get("tray").map((/** @type {any} */ one) => ({
        title: `${one.name}`,
        text: one.name,
        picture: one,
        press: () => this.#hand.back(one),
        drop: () => this.#hand.ask("drop", { number: one.number }),
      })),
    );
  }
}
