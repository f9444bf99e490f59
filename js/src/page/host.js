/** Finds widgets for one another, as a notebook's front end does. */
import { Model } from "./model.js";

/**
 * @typedef {Record<string, any>} Module what a bundle exports: its hooks, or a function giving them
 * @typedef {{ stem: string, traits: Record<string, any> }} SavedWidget
 * @typedef {{ exports: any, render: (view: { el: HTMLElement, signal: AbortSignal }) => Promise<void> }} Widget
 */

export class Host {
  #modules;
  #signal;
  /** @type {Map<string, { stem: string, model: Model }>} */
  #known = new Map();
  /** @type {Map<string, Promise<Widget>>} */
  #widgets = new Map();

  /**
   * @param {Record<string, Module | (() => Module | Promise<Module>)>} modules by stem
   * @param {Record<string, SavedWidget>} saved by reference
   * @param {(reference: string) => import("./model.js").Receiver} receiver of what one sends
   * @param {AbortSignal} signal
   */
  constructor(modules, saved, receiver, signal) {
    this.#modules = modules;
    this.#signal = signal;
    for (const [reference, { stem, traits }] of Object.entries(saved)) {
      this.#known.set(reference, { stem, model: new Model(traits, receiver(reference)) });
    }
  }

  /** @param {string} reference */
  #find(reference) {
    const found = this.#known.get(reference);
    if (!found) throw new Error(`This page has no widget ${reference}.`);
    return found;
  }

  /** @param {string} reference @returns {Promise<any>} */
  async getModel(reference) {
    return this.#find(reference).model;
  }

  /** @param {string} reference @returns {Promise<Widget>} */
  getWidget(reference) {
    const widget = this.#widgets.get(reference) ?? this.#open(reference);
    this.#widgets.set(reference, widget);
    return widget;
  }

  /** @param {string} reference @returns {Promise<Widget>} */
  async #open(reference) {
    const { stem, model } = this.#find(reference);
    const module = this.#modules[stem];
    const hooks = typeof module === "function" ? await module() : module;
    const exports = await hooks.initialize?.({ model, signal: this.#signal });
    return {
      exports,
      render: async ({ el, signal }) => {
        await hooks.render?.({ model, el, signal, host: this });
      },
    };
  }
}
