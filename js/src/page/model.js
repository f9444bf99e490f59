/** A widget's model where no kernel is: its traits, and whoever listens to them. */

/**
 * @typedef {(...values: any[]) => void} Listener
 * @typedef {(content: any, buffers: ArrayBufferView[]) => void} Receiver
 */

export class Model {
  #traits;
  #receiver;
  /** @type {Map<string, Set<Listener>>} */
  #listeners = new Map();

  /** @param {Record<string, any>} traits @param {Receiver} [receiver] hears what is sent */
  constructor(traits, receiver = () => {}) {
    this.#traits = { ...traits };
    this.#receiver = receiver;
  }

  /** @param {string} name */
  get(name) {
    return this.#traits[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (Object.is(this.#traits[name], value)) return;
    this.#traits[name] = value;
    this.emit(`change:${name}`, this, value);
  }

  /** There is nobody to tell. */
  save_changes() {}

  /** @param {any} content @param {unknown} _ @param {ArrayBufferView[]} [buffers] */
  send(content, _, buffers = []) {
    this.#receiver(content, buffers);
  }

  /** @param {string} event @param {Listener} listener */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  /** @param {string} event @param {Listener} [listener] all of them when left out */
  off(event, listener) {
    if (listener) this.#listeners.get(event)?.delete(listener);
    else this.#listeners.delete(event);
  }

  /** @param {string} event @param {...any} values */
  emit(event, ...values) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...values);
  }
}
