/** A saved page: the panels of a notebook, with everything they need, and no kernel. */
import { make } from "../dom.js";
import { readBlock, readSaved } from "./document.js";
import { fit, isEmbedded, seen } from "./embedded.js";
import { Host } from "./host.js";
import { Inbox } from "./inbox.js";

/** @typedef {import("../space.js").Space} Space */

/** @param {Record<string, import("./host.js").Module>} modules the panels' own, by stem */
export async function open(modules) {
  const status = /** @type {HTMLElement} */ (document.querySelector("[role=status]"));
  try {
    if (isEmbedded()) {
      await seen();
      fit();
    }
    await show(modules, status);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    status.textContent = `This page cannot be shown here: ${text}`;
  }
}

/** @param {Record<string, import("./host.js").Module>} modules @param {HTMLElement} status */
async function show(modules, status) {
  const saved = readSaved();
  const { signal } = new AbortController();
  /** @type {import("./model.js").Model} */
  let model;
  const inbox = new Inbox(saved, readBlock, (content, buffers) => {
    model.emit("msg:custom", content, buffers);
  });
  const host = new Host(
    modules,
    saved.widgets,
    (reference) => (content, buffers) => {
      if (reference === saved.space) inbox.receive(content, buffers);
    },
    signal,
  );
  model = await host.getModel(saved.space);
  const space = /** @type {Space} */ ((await host.getWidget(saved.space)).exports);
  inbox.attend(space);
  tell(status, inbox, space);
  const el = make("div", { class: "lw-root" });
  // For the console, and for whoever puts the page into another.
  Object.assign(el, { space });
  document.querySelector("main")?.append(el);
  await (await host.getWidget(saved.root)).render({ el, signal });
}

/** Say where the pictures come from. @param {HTMLElement} status @param {Inbox} inbox @param {Space} space */
function tell(status, inbox, space) {
  status.textContent = "Starting the decoder…";
  space.subscribe("engine", ({ why }) => {
    document.documentElement.classList.toggle("lw-beforehand", !inbox.live);
    status.textContent = inbox.live
      ? LIVE
      : `Not live: you see the nearest of ${inbox.grid.length} pictures made beforehand. ${why}`;
  });
}

const LIVE = "Live: this page decodes by itself, offline; nothing leaves it.";
