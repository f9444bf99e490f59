/** Questions of a panel's page to its Python half; of an op the newest question wins. */

/**
 * @typedef {import("@anywidget/types").AnyModel} Model
 *
 * @typedef {object} Reply
 * @property {Record<string, any>} content
 * @property {DataView[]} buffers
 */

export class Ask {
  #model;
  #tell;
  #client = Math.random().toString(36).slice(2);
  #seq = 0;
  /** @type {Map<string, { seq: number, resolve: (reply: Reply | null) => void }>} */
  #open = new Map();

  /**
   * @param {Model} model of a panel whose Python half is `Answering`
   * @param {AbortSignal} signal
   * @param {(error: string, detail: string) => void} [tell] shows what went wrong
   */
  constructor(model, signal, tell = () => {}) {
    this.#model = model;
    this.#tell = tell;
    const hear = (/** @type {any} */ content, /** @type {DataView[]} */ buffers) =>
      this.#hear(content, buffers);
    model.on("msg:custom", hear);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", hear);
      for (const { resolve } of this.#open.values()) resolve(null);
    });
  }

  /**
   * @param {string} op
   * @param {Record<string, any>} [params]
   * @param {ArrayBufferView[]} [buffers]
   * @returns {Promise<Reply | null>} null when a newer question took its place, or it failed
   */
  ask(op, params = {}, buffers = []) {
    this.#open.get(op)?.resolve(null);
    this.#seq += 1;
    const seq = this.#seq;
    return new Promise((resolve) => {
      this.#open.set(op, { seq, resolve });
      const content = { ...params, op, seq, client: this.#client };
      this.#model.send(content, undefined, /** @type {any} */ (buffers));
    });
  }

  /** @param {any} content @param {DataView[]} buffers */
  #hear(content, buffers) {
    if (content?.kind !== "reply" || content.client !== this.#client) return;
    const question = this.#open.get(content.op);
    if (question?.seq !== content.seq) return;
    this.#open.delete(content.op);
    if (content.error) {
      this.#tell(content.error, content.detail ?? "");
      question?.resolve(null);
    } else question?.resolve({ content, buffers });
  }
}
