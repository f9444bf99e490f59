/** A training as one watches it: buttons, a slider through its past, pictures, hints. */
import { toBytes } from "../bytes.js";
import { button, make, ownKeys } from "../dom.js";
import { paint } from "../picture.js";
import { Past } from "../training/past.js";
import { describe } from "../training/time.js";

/**
 * @typedef {import("../training/time.js").Status} Status
 *
 * @typedef {object} Traits
 * @property {string} space
 * @property {Status} status
 * @property {number[]} moments
 * @property {number | null} epoch
 * @property {number} shown
 * @property {number | null} best
 * @property {{ shape: number[], pixels: DataView } | Record<string, never>} pictures
 * @property {string[]} hints
 * @property {{ error?: string, detail?: string }} error
 *
 * @typedef {import("@anywidget/types").AnyModel<Traits>} Model
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (signal.aborted) return;
    new Training(model, el, signal, /** @type {import("../space.js").Space} */ (space));
  },
};

class Training {
  #model;
  #root = make("section", { class: "lw lw-training", "aria-label": "Training" });
  #status = make("span", { class: "lw-small lw-status", role: "status" });
  #buttons;
  #past;
  #rows = ROWS.map(() => make("div", { class: "lw-line" }));
  #strips = make("div", { class: "lw-strips" });
  #hints = make("ul", { class: "lw-hints" });
  #card = make("div", { class: "lw-notice", role: "alert", hidden: true });
  /** @type {HTMLCanvasElement[][]} */
  #canvases = [];

  /**
   * @param {Model} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {import("../space.js").Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#buttons = this.#makeButtons(signal);
    const go = (/** @type {number | null} */ epoch) => {
      model.set("epoch", epoch);
      model.save_changes();
      this.#past.show();
    };
    this.#past = new Past(() => this.#where(), go, signal);
    const { main, batch, epoch, stop } = this.#buttons;
    main.className = "lw-main";
    const head = make("header", { class: "lw-row lw-head" });
    head.append(make("span", { class: "lw-heading" }, "Training"), this.#status);
    head.append(make("span", { class: "lw-row lw-buttons" }, main, batch, epoch, stop));
    ROWS.forEach(([text, title], i) => {
      this.#strips.append(make("span", { class: "lw-small", title }, text), this.#rows[i]);
    });
    const said = make("div", { class: "lw-said" });
    said.append(make("span", { class: "lw-small" }, "what the numbers say"), this.#hints);
    const body = make("div", { class: "lw-body" }, this.#strips, said);
    this.#root.append(this.#card, head, this.#past.element, body);
    el.append(this.#root);
    ownKeys(this.#root, space, signal);
    for (const name of /** @type {const} */ (["moments", "epoch", "shown", "best", "status"])) {
      model.on(`change:${name}`, () => this.#show());
    }
    model.on("change:pictures", () => this.#paint());
    model.on("change:hints", () => this.#advise());
    model.on("change:error", () => this.#complain());
    this.#show();
    this.#paint();
    this.#advise();
    this.#complain();
  }

  /** @param {AbortSignal} signal */
  #makeButtons(signal) {
    const send = (/** @type {string} */ press) => this.#model.send({ press });
    return {
      main: button("start", "", () => send(this.#main.press), signal),
      batch: button("one batch", "Train one batch, then wait", () => send("batch"), signal),
      epoch: button(
        "one epoch",
        "Train to the end of the epoch, then wait",
        () => send("epoch"),
        signal,
      ),
      stop: button("stop", STOP, () => send("stop"), signal),
    };
  }

  get #main() {
    return MAIN[this.#model.get("status").state] ?? MAIN.ready;
  }

  #where() {
    const model = this.#model;
    const moment = {
      epoch: model.get("epoch"),
      shown: model.get("shown"),
      best: model.get("best"),
    };
    return { ...moment, moments: model.get("moments"), status: model.get("status") };
  }

  #show() {
    const status = this.#model.get("status");
    const { main, batch, epoch, stop } = this.#buttons;
    const over = status.state === "finished" || status.state === "failed";
    const text = describe(status);
    if (this.#status.textContent !== text) this.#status.textContent = text;
    main.textContent = this.#main.text;
    main.title = this.#main.title;
    main.disabled = over;
    batch.disabled = epoch.disabled = over || status.state === "running";
    stop.disabled = status.state !== "running" && status.state !== "paused";
    this.#root.dataset.state = status.state;
    this.#past.show();
  }

  #paint() {
    const { shape, pixels } = this.#model.get("pictures");
    if (!shape) return;
    const [, count, ...size] = shape;
    const bytes = toBytes(pixels);
    const length = bytes.length / ROWS.length;
    this.#rows.forEach((row, i) => {
      if (this.#canvases[i]?.length !== count) {
        this.#canvases[i] = Array.from({ length: count }, () => make("canvas"));
        row.replaceChildren(...this.#canvases[i]);
        row.setAttribute("role", "img");
        row.setAttribute("aria-label", `${count} ${ROWS[i][0]}`);
      }
      const atlas = { shape: size, pixels: bytes.subarray(i * length, (i + 1) * length) };
      this.#canvases[i].forEach((canvas, at) => {
        paint(canvas, atlas, at);
      });
    });
  }

  #advise() {
    const hints = this.#model.get("hints");
    const items = hints.map((text) => make("li", {}, text));
    const quiet = make("li", { class: "lw-empty" }, "Nothing to worry about so far.");
    this.#hints.replaceChildren(...(items.length ? items : [quiet]));
  }

  #complain() {
    const { error, detail } = this.#model.get("error");
    this.#card.hidden = !error;
    const where = make("details", {}, make("summary", {}, "Where it happened"));
    where.append(make("pre", {}, detail ?? ""));
    this.#card.replaceChildren(error ?? "", where);
  }
}

const ROWS = [
  ["pictures", "Some of the data, not trained on where any are set aside"],
  ["rebuilt", "The same pictures, encoded and decoded again"],
  ["invented", "Decoded draws of the prior: always the same draws, so that they can be compared"],
];
const START = { text: "start", press: "start", title: "Train in the background" };
const RESUME = { text: "resume", press: "resume", title: "Go on training" };
const AGAIN = "Go on from the last whole epoch";
/** @type {Record<string, { text: string, press: string, title: string }>} */
const MAIN = {
  ready: START,
  running: { text: "pause", press: "pause", title: "Wait before the next batch" },
  paused: RESUME,
  stopped: { text: "continue", press: "start", title: AGAIN },
  finished: { text: "done", press: "", title: "This training is finished" },
  failed: { text: "failed", press: "", title: "This training has failed" },
};
const STOP = "End the training; the model gets its best weights so far";
