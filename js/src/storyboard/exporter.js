/** The film as a file: the kernel makes it, the page fetches it in parts and hands it over. */
import { Ask } from "../ask.js";
import { toBytes } from "../bytes.js";
import { button, choice, make } from "../dom.js";

const SIZES = ["as decoded", "128 px", "256 px", "512 px", "1024 px"];
const RATES = ["12 fps", "24 fps", "25 fps", "30 fps", "60 fps"];

export class Exporter {
  element = make("div", { class: "lw-row lw-export" });
  #model;
  #signal;
  #ask;
  #format;
  #rate;
  #size;
  #button;
  #note = make("span", { class: "lw-small", role: "status" });

  /**
   * @param {import("./board.js").Model} model
   * @param {(error: string, detail: string) => void} tell
   * @param {AbortSignal} signal
   */
  constructor(model, tell, signal) {
    this.#model = model;
    this.#signal = signal;
    this.#ask = new Ask(model, signal, tell);
    const formats = model.get("formats");
    const keep = () => {};
    this.#format = choice("Kind of file", formats, formats[0] ?? "", keep, signal);
    for (const option of this.#format.options) option.textContent = NAMES[option.value];
    this.#rate = choice("Pictures a second", RATES, "30 fps", keep, signal);
    this.#size = choice("Longer side of the pictures", SIZES, "as decoded", keep, signal);
    this.#button = button("export", EXPORT, () => this.#export(), signal);
    this.element.append(this.#format, this.#rate, this.#size, this.#button, this.#note);
    this.element.hidden = formats.length === 0;
  }

  /** @param {boolean} possible */
  allow(possible) {
    this.#button.disabled = !possible;
  }

  async #export() {
    this.#note.textContent = "";
    const size = Number.parseInt(this.#size.value, 10);
    const started = await this.#ask.ask("film", {
      suffix: this.#format.value,
      fps: Number.parseInt(this.#rate.value, 10),
      size: Number.isNaN(size) ? null : size,
    });
    if (!started) return;
    const { ticket } = started.content;
    const film = await this.#made(ticket);
    if (!film) return;
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    for (let part = 0; part < film.parts; part += 1) {
      const reply = await this.#ask.ask("part", { ticket, part });
      if (!reply) return;
      parts.push(toBytes(reply.buffers[0]).slice());
    }
    const blob = new Blob(parts, { type: "application/octet-stream" });
    hand(blob, film.name);
    this.#note.textContent = `${film.name}, ${sizeOf(blob.size)}`;
  }

  /**
   * @param {number} ticket
   * @returns {Promise<{ name: string, parts: number } | null>} null for a newer film, or none
   */
  #made(ticket) {
    return new Promise((resolve) => {
      const end = new AbortController();
      const look = () => {
        const film = this.#model.get("film");
        const work = this.#model.get("work");
        const over = this.#signal.aborted || work?.cancelled || work?.error;
        if ((film.ticket ?? 0) < ticket && !over) return;
        end.abort();
        this.#model.off("change:film", look);
        this.#model.off("change:work", look);
        const found = film.ticket === ticket && film.name !== undefined;
        resolve(found ? { name: String(film.name), parts: film.parts ?? 0 } : null);
      };
      this.#model.on("change:film", look);
      this.#model.on("change:work", look);
      this.#signal.addEventListener("abort", look, { signal: end.signal });
      look();
    });
  }
}

/** @param {Blob} blob @param {string} name */
function hand(blob, name) {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {number} bytes */
function sizeOf(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @type {Record<string, string>} */
const NAMES = {
  ".gif": "GIF",
  ".mp4": "MP4",
  ".webm": "WebM",
  ".png": "PNG strip",
  ".npy": "latents (.npy)",
};
const EXPORT = "Make a file of the whole path and download it";
