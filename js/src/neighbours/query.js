/** What is looked for: chosen here, and said in one place. */
import { button, make } from "../dom.js";

/**
 * @typedef {"z" | "row" | "selection" | "picture" | "text"} Kind
 *
 * @typedef {object} Hand
 * @property {(kind: Kind, more?: Record<string, any>) => void} look
 * @property {(file: Blob | null | undefined) => void} bring a picture was chosen
 * @property {() => void} open another kind was opened, and nothing of it is chosen yet
 * @property {() => number} near the row that is nearest now
 */

/** @type {[Kind, string, string][]} */
const KINDS = [
  ["z", "current z", "Follow the current latent"],
  ["row", "a row", "Stay with one row; at first the nearest one"],
  ["selection", "selection", "The mean of the selected rows"],
  ["picture", "a picture", "A picture of your own: choose it, drop it or paste it"],
  ["text", "words", "What the rows are known to show"],
];

export class Query {
  element = make("div", { class: "lw-query" });
  /** @type {Kind} what is open, chosen or not */
  open = "z";

  #hand;
  /** @type {Map<Kind, HTMLButtonElement>} */
  #buttons = new Map();
  #row = make("input", { type: "number", min: 0, step: 1, "aria-label": "Row id" });
  #file = make("input", { type: "file", accept: "image/*", hidden: true, tabindex: -1 });
  #choose;
  #text = make("input", {
    type: "search",
    "aria-label": "Words to look for",
    placeholder: "words, then Enter",
    maxlength: 1000,
    spellcheck: false,
  });
  #more = make("div", { class: "lw-row lw-more" });

  /** @param {number} count rows @param {Hand} hand @param {AbortSignal} signal */
  constructor(count, hand, signal) {
    this.#hand = hand;
    const kinds = make("div", { class: "lw-kinds", role: "group", "aria-label": "Nearest to" });
    for (const [kind, words, title] of KINDS) {
      const one = button(words, title, () => this.#press(kind), signal);
      this.#buttons.set(kind, one);
      kinds.append(one);
    }
    const title = "A PNG, JPEG or other picture from this computer";
    this.#choose = button("choose a file…", title, () => this.#file.click(), signal);
    this.#choose.className = "lw-chip";
    this.#row.max = String(count - 1);
    this.#row.title = `Row id, 0 to ${count - 1}`;
    this.element.append(kinds, this.#more);
    this.#listen(count, signal);
    this.#show();
  }

  /** @param {number} count rows @param {AbortSignal} signal */
  #listen(count, signal) {
    const at = { signal };
    this.#row.addEventListener(
      "input",
      () => {
        const row = this.#row.valueAsNumber;
        if (Number.isInteger(row) && row >= 0 && row < count) this.#hand.look("row", { row });
      },
      at,
    );
    this.#file.addEventListener(
      "change",
      () => {
        this.#hand.bring(this.#file.files?.[0]);
        // The same file may be chosen again.
        this.#file.value = "";
      },
      at,
    );
    const look = () => {
      const text = this.#text.value.trim();
      if (text) this.#hand.look("text", { text });
    };
    this.#text.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        look();
      },
      at,
    );
  }

  /** @param {Kind} kind */
  #press(kind) {
    this.open = kind;
    this.#show();
    if (kind === "z" || kind === "selection") this.#hand.look(kind);
    else if (kind === "row") this.#hand.look("row", { row: this.#hand.near() });
    else this.#hand.open();
    if (kind === "row") this.#row.select();
    if (kind === "text") this.#text.focus();
  }

  /**
   * Say what is looked for.
   * @param {Kind} kind
   * @param {{ row?: number, text?: string }} query
   */
  show(kind, { row, text }) {
    this.open = kind;
    if (row !== undefined && this.#row.valueAsNumber !== row) this.#row.value = String(row);
    if (text !== undefined) this.#text.value = text;
    this.#show();
  }

  /** @param {string[]} phrases that the rows are described with @param {AbortSignal} signal */
  suggest(phrases, signal) {
    const chips = phrases.map((phrase) => {
      const add = () => {
        const before = this.#text.value.trim();
        this.#text.value = before ? `${before}, ${phrase}` : phrase;
        this.#hand.look("text", { text: this.#text.value });
      };
      const chip = button(phrase, `Look for ${phrase} as well`, add, signal);
      chip.className = "lw-chip";
      return chip;
    });
    this.#chips.replaceChildren(...chips);
  }

  #chips = make("div", { class: "lw-row lw-phrases" });

  /** @param {number} selected how many rows */
  count(selected) {
    const one = this.#buttons.get("selection");
    if (one) one.textContent = selected ? `selection (${selected})` : "selection";
  }

  #show() {
    for (const [kind, one] of this.#buttons) {
      one.setAttribute("aria-pressed", String(kind === this.open));
    }
    /** @type {Record<string, Node[]>} */
    const inputs = {
      row: [this.#row],
      picture: [
        this.#choose,
        this.#file,
        make("span", { class: "lw-small" }, "or drop or paste it"),
      ],
      text: [this.#text, this.#chips],
    };
    const wanted = inputs[this.open] ?? [];
    // What has the focus must not lose it for being put where it is.
    if (wanted[0] !== this.#more.firstChild) this.#more.replaceChildren(...wanted);
    this.#more.hidden = !wanted.length;
  }
}
