/** The tape of a space: its gestures as lines of Python, to read, walk along and copy. */
import { Ask } from "../ask.js";
import { button, make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";

/** @typedef {{ space: string, lines: string[], first: number, total: number, at: number }} Traits */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports: space } = await host.getWidget(model.get("space"));
    if (!signal.aborted) {
      new Tape(model, el, signal, /** @type {import("../space.js").Space} */ (space));
    }
  },
};

class Tape {
  #model;
  #space;
  #ask;
  #root = make("section", { class: "lw lw-tape", "aria-label": "Tape" });
  #list = make("ol", { class: "lw-lines", tabindex: 0, "aria-label": "Gestures, oldest first" });
  #count = make("span", { class: "lw-small", role: "status" });
  #text = make("textarea", { readonly: true, hidden: true, rows: 6, "aria-label": "To copy" });
  #undo;
  #redo;
  #play;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {import("@anywidget/types").AnyModel<Traits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   * @param {import("../space.js").Space} space
   */
  constructor(model, el, signal, space) {
    this.#model = model;
    this.#space = space;
    this.#ask = new Ask(model, signal, (error, detail) => space.tell({ error, detail }));
    this.#undo = button(
      "undo",
      "Take the last gesture back (ctrl-Z)",
      () => this.#step(-1),
      signal,
    );
    this.#redo = button("redo", "Do it again (ctrl-Y)", () => this.#step(1), signal);
    this.#play = button("replay", REPLAY, () => this.#toggle(), signal);
    const code = button("copy code", CODE, () => this.#copy("code"), signal);
    const share = button("copy to share", SHARE, () => this.#copy("share"), signal);
    const bar = make("div", { class: "lw-row lw-bar" }, this.#undo, this.#redo, this.#play);
    bar.append(make("span", { class: "lw-grow" }), code, share);
    this.#root.append(bar, this.#list, this.#count, this.#text);
    el.append(this.#root);
    showNotices(this.#root, space, signal);
    ownKeys(this.#root, space, signal);
    this.#list.addEventListener("click", (event) => this.#choose(event), { signal });
    this.#list.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#root.addEventListener("keydown", () => this.#stop(), { signal, capture: true });
    for (const name of /** @type {const} */ (["lines", "at", "total"])) {
      model.on(`change:${name}`, () => this.#show());
    }
    signal.addEventListener("abort", () => this.#stop());
    this.#show();
  }

  #show() {
    const [lines, first, at, total] = [
      this.#model.get("lines"),
      this.#model.get("first"),
      this.#model.get("at"),
      this.#model.get("total"),
    ];
    const items = [
      item(0, first ? `… ${first} before` : "start"),
      ...lines.map((line, i) => item(first + i + 1, line)),
    ];
    for (const entry of items) {
      const place = Number(entry.dataset.at);
      entry.classList.toggle("lw-undone", place > at);
      if (place > at) entry.title = `${entry.title}, undone: click to do it again up to here`;
      if (place === at) entry.setAttribute("aria-current", "step");
    }
    this.#list.replaceChildren(...items);
    const now = this.#list.querySelector("[aria-current]");
    if (now instanceof HTMLElement) keepInView(this.#list, now);
    this.#undo.disabled = at === 0;
    this.#redo.disabled = at === total;
    this.#play.disabled = total === 0;
    this.#count.textContent = total ? describe(at, total) : EMPTY;
  }

  /** @param {number} by */
  #step(by) {
    this.#stop();
    if (by < 0) this.#space.undo();
    else this.#space.redo();
  }

  /** @param {number} at */
  #go(at) {
    this.#model.set("at", Math.min(Math.max(at, 0), this.#model.get("total")));
    this.#model.save_changes();
  }

  /** @param {MouseEvent} event */
  #choose(event) {
    const entry = event.target instanceof Element && event.target.closest("li");
    if (!entry) return;
    this.#stop();
    this.#go(Number(entry.dataset.at));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { at, total } = { at: this.#model.get("at"), total: this.#model.get("total") };
    const far = event.shiftKey ? 10 : 1;
    const to = { ArrowUp: at - far, ArrowDown: at + far, Home: 0, End: total }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#go(to);
  }

  #toggle() {
    if (this.#timer !== undefined) {
      this.#stop();
      return;
    }
    const end = this.#model.get("at") || this.#model.get("total");
    this.#play.textContent = "stop";
    this.#go(0);
    let next = 0;
    this.#timer = setInterval(() => {
      next += 1;
      this.#go(next);
      if (next >= end) this.#stop();
    }, EVERY_MS);
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#play.textContent = "replay";
  }

  /** @param {"code" | "share"} what */
  async #copy(what) {
    const reply = await this.#ask.ask(what);
    if (!reply) return;
    const { text } = reply.content;
    try {
      await navigator.clipboard.writeText(text);
      this.#text.hidden = true;
      this.#count.textContent = `copied ${text.length.toLocaleString("en")} characters`;
    } catch {
      // Not every host lets a page write there: the text is shown, selected.
      this.#text.hidden = false;
      this.#text.value = text;
      this.#text.select();
      this.#count.textContent = "press ctrl-C to copy";
    }
  }
}

/** @param {number} at @param {string} line */
function item(at, line) {
  // A narrow cell cuts long lines off.
  const title = at ? `${line}\nGo to gesture ${at}` : "Go to the start";
  return make("li", { "data-at": at, title }, line);
}

/** @param {number} at @param {number} total */
function describe(at, total) {
  const all = total === 1 ? "1 gesture" : `${total} gestures`;
  return at === total ? all : `${all}, ${total - at} undone`;
}

/** @param {HTMLElement} list @param {HTMLElement} entry */
function keepInView(list, entry) {
  const low = entry.offsetTop - list.offsetTop;
  if (low < list.scrollTop) list.scrollTop = low;
  const high = low + entry.offsetHeight - list.clientHeight;
  if (high > list.scrollTop) list.scrollTop = high;
}

const EVERY_MS = 500;
const REPLAY = "Go to the start, and do everything up to here again, two gestures a second";
const CODE = "Copy the Python that does all of this again, up to where the tape stands";
const SHARE = "Copy the whole tape as one short string, for lw.Tape.from_share";
const EMPTY = "Nothing yet: drag the cross or a slider, and each gesture becomes a line here.";
