/** Says when the kernel stays silent, and takes it back when it answers. */

const SILENT_AFTER_MS = 1000;
const LOOK_EVERY_MS = 500;

export class Watch {
  #kernel;
  #tell;
  #silent = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import("./kernel.js").Kernel} kernel
   * @param {(silent: boolean) => void} tell
   */
  constructor(kernel, tell) {
    this.#kernel = kernel;
    this.#tell = tell;
  }

  /** Look now, and again while an answer is owed. */
  look() {
    this.end();
    this.#kernel.expire();
    const silent = this.#kernel.silence > SILENT_AFTER_MS;
    if (silent !== this.#silent) {
      this.#silent = silent;
      this.#tell(silent);
    }
    if (this.#kernel.busy) this.#timer = setTimeout(() => this.look(), LOOK_EVERY_MS);
  }

  end() {
    clearTimeout(this.#timer);
  }
}
