/** A picture from outside: drawn, chosen, pasted or photographed, and what the model makes of it. */
import { Ask } from "../ask.js";
import { toBytes, toFloats } from "../bytes.js";
import { make, ownKeys } from "../dom.js";
import { readPicture, receivePictures } from "../neighbours/brought.js";
import { showNotices } from "../notice.js";
import { toRgba } from "../picture.js";
import { After } from "../picture_input/after.js";
import { Result } from "../picture_input/result.js";
import { Sender } from "../picture_input/sender.js";
import { Sources } from "../picture_input/sources.js";
import { FIRST, NO_ENCODER, NO_SHAPE, SAVED } from "../picture_input/texts.js";
import { watchTheme } from "../scatter/theme.js";
import { Work } from "../work.js";

/**
 * @typedef {import("../space.js").Space} Space
 * @typedef {import("../picture_input/result.js").Told} Told
 * @typedef {Record<string, any>} Traits
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports } = await host.getWidget(model.get("space"));
    if (signal.aborted) return;
    const space = /** @type {Space} */ (exports);
    const root = make("section", { class: "lw lw-picture", tabindex: -1 });
    root.setAttribute("aria-label", "A picture from outside");
    el.append(root);
    showNotices(root, space, signal);
    ownKeys(root, space, signal);
    const { can_encode, image_shape } = space.facts;
    if (can_encode && image_shape) new Picture(model, root, signal, space, image_shape);
    else root.append(make("p", { class: "lw-empty" }, can_encode ? NO_SHAPE : NO_ENCODER));
  },
};

class Picture {
  #model;
  #space;
  #shape;
  #root;
  #ask;
  #page = Math.random().toString(36).slice(2);
  #said = make("p", { class: "lw-said", role: "status" });
  #result = new Result();
  #after;
  #sources;
  /** @type {Sender<{ pixels: Uint8Array, gesture: string }>} */
  #sender;
  #gesture;

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} root
   * @param {AbortSignal} signal
   * @param {Space} space
   * @param {number[]} shape of its pictures
   */
  constructor(model, root, signal, space, shape) {
    this.#model = model;
    this.#space = space;
    this.#shape = shape;
    this.#root = root;
    this.#gesture = space.gesture();
    this.#ask = new Ask(/** @type {any} */ (model), signal, (error) => this.#say(error));
    this.#sender = new Sender((picture) => this.#send(picture));
    this.#after = new After(
      model,
      {
        send: () => this.#move(this.#told, space.gesture()),
        go: (z) => space.write(z, space.gesture()),
        back: (picture) => this.#return(picture),
        ask: (op, params) => this.#ask.ask(op, params),
      },
      signal,
    );
    this.#sources = new Sources(
      shape,
      model.get("data"),
      {
        begin: () => (this.#gesture = space.gesture()),
        change: (pixels) => this.#bring(pixels),
        shoot: (photo) => this.#read(photo),
        clear: () => this.#clear(),
        now: () => (this.#told ? this.#result.canvas : null),
        say: (text) => this.#say(text),
      },
      signal,
    );
    // A page without a kernel has nobody to ask.
    const saved = space.facts.device === "this page";
    root.style.setProperty("--lw-aspect", `${shape[1]} / ${shape[0]}`);
    root.style.setProperty("--lw-tile", `${Math.max(1, Math.round(120 / shape[1])) * shape[1]}px`);
    const work = new Work(/** @type {any} */ (model), signal);
    const right = make("div", { class: "lw-right" }, this.#result.element, work.element);
    right.append(this.#after.element);
    root.append(
      make("div", { class: "lw-body" }, ...(saved ? [] : [this.#sources.element]), right),
    );
    root.classList.toggle("lw-saved", saved);
    if (saved) this.#said.textContent = SAVED;
    (saved ? root : this.#sources.element).append(this.#said);
    if (!saved) receivePictures(root, (file) => this.#read(file), signal);
    watchTheme(() => this.#result.recolor(), signal);
    model.on("change:brought", () => this.#show());
    model.on("change:data", () => this.#sources.know(model.get("data")));
    this.#show();
    if (!saved && !this.#told) this.#say(FIRST.draw);
  }

  /** @returns {Told | null} */
  get #told() {
    const told = this.#model.get("brought");
    return told?.pixels ? told : null;
  }

  /** @param {Blob} file */
  async #read(file) {
    try {
      const source = await readPicture(file);
      this.#gesture = this.#space.gesture();
      this.#sources.take(source, true);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {Uint8Array} pixels */
  #bring(pixels) {
    this.#say("");
    this.#root.classList.remove("lw-none");
    this.#result.preview(pixels, this.#shape);
    this.#sender.bring({ pixels, gesture: this.#gesture });
  }

  /** @param {{ pixels: Uint8Array, gesture: string }} picture */
  async #send({ pixels, gesture }) {
    const reply = await this.#ask.ask("bring", { page: this.#page }, [pixels]);
    if (reply && this.#model.get("live")) this.#move(this.#told, gesture);
  }

  /** @param {Told | null} told @param {string} gesture */
  #move(told, gesture) {
    if (told) this.#space.write(toFloats(told.mean), gesture);
  }

  #clear() {
    this.#sender.drop();
    this.#ask.ask("clear");
  }

  /** @param {{ shape: number[], pixels: DataView }} picture that was kept */
  #return({ shape, pixels }) {
    this.#gesture = this.#space.gesture();
    this.#sources.take(asSource(shape, toBytes(pixels)), false);
    this.#bring(toBytes(pixels).slice());
  }

  #show() {
    const told = this.#told;
    this.#root.classList.toggle("lw-none", !told);
    this.#after.show(told);
    if (!told) return this.#result.clear();
    const own = told.page === this.#page;
    this.#result.show(told, own, this.#model.get("data").pictures);
    if (!own && told.page !== null) return;
    if (!own) this.#sources.take(asSource(told.shape, toBytes(told.pixels)), false);
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text.replace(/^picture /, "The picture ");
  }
}

/** @param {number[]} shape @param {Uint8Array} pixels */
function asSource([height, width, channels], pixels) {
  const rgba = toRgba(pixels, channels, width * height);
  return { width, height, pixels: new Uint8Array(rgba.buffer) };
}
