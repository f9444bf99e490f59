/** Jobs one at a time: urgent ones before those that can wait. */
export class Turns {
  /** @type {(() => Promise<void>)[]} */
  #urgent = [];
  /** @type {(() => Promise<void>)[]} */
  #patient = [];
  #busy = false;

  /**
   * @template T
   * @param {() => Promise<T>} job
   * @param {boolean} [urgent]
   * @returns {Promise<T>} what the job returned
   */
  take(job, urgent = false) {
    return new Promise((resolve, reject) => {
      (urgent ? this.#urgent : this.#patient).push(() => job().then(resolve, reject));
      if (!this.#busy) this.#work();
    });
  }

  async #work() {
    this.#busy = true;
    for (;;) {
      const job = this.#urgent.shift() ?? this.#patient.shift();
      if (!job) break;
      await job();
    }
    this.#busy = false;
  }
}
