/** Two maps of one space side by side, with how far each can be trusted below it. */
import { make, ownKeys } from "../dom.js";
import { showNotices } from "../notice.js";
import { Work } from "../work.js";

const SIDES = /** @type {const} */ (["left", "right"]);

/**
 * @typedef {object} Traits
 * @property {string} space
 * @property {string} left
 * @property {string} right
 * @property {string[]} figures
 */

export default {
  /** @param {import("@anywidget/types").RenderProps<Traits>} props */
  async render({ model, el, signal, host }) {
    const { exports } = await host.getWidget(model.get("space"));
    if (signal.aborted) return;
    const space = /** @type {import("../space.js").Space} */ (exports);
    const root = make("section", { class: "lw lw-pair", "aria-label": "Two maps" });
    const work = new Work(/** @type {any} */ (model), signal);
    el.append(root);
    showNotices(root, space, signal);
    ownKeys(root, space, signal);
    const lines = SIDES.map(() => make("p", { class: "lw-small lw-quality", title: MEANING }));
    const show = () => {
      const figures = model.get("figures");
      for (const [i, line] of lines.entries()) line.textContent = figures[i] ?? "";
    };
    model.on("change:figures", show);
    show();
    await Promise.all(
      SIDES.map(async (side, i) => {
        const cell = make("div", { class: "lw-side" });
        const holder = make("div", { class: "lw-holder" });
        cell.append(holder, lines[i]);
        root.append(cell);
        const panel = await host.getWidget(model.get(side));
        if (!signal.aborted) await panel.render({ el: holder, signal });
      }),
    );
    root.append(work.element);
  },
};

const MEANING =
  "Trustworthiness: 1 when no row has strangers beside it. Continuity: 1 when no row was torn " +
  "from its neighbours. Neighbourhood hit: neighbours on the map of the same class. Stress: the " +
  "share of the distances that is wrong, 0 when none is.";
