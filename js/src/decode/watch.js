/** Says when the kernel stays silent or is lost, and takes it back when it answers. */

/** @typedef {"" | "late" | "lost"} Waiting how long one has been waiting for the kernel */

const SILENT_AFTER_MS = 1000;
const LOOK_EVERY_MS = 500;

export class Watch {
  #kernel;
  #tell;
  /** @type {Waiting} */
  #waiting = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {import("./kernel.js").Kernel} kernel
   * @param {(waiting: Waiting) => void} tell
   */
  constructor(kernel, tell) {
    this.#kernel = kernel;
    this.#tell = tell;
  }

  /** Look now, and again while an answer is owed. */
  look() {
    this.end();
    if (this.#waiting === "lost") return;
    this.#kernel.expire();
    this.#turn(this.#kernel.silence > SILENT_AFTER_MS ? "late" : "");
    if (this.#kernel.busy) this.#timer = setTimeout(() => this.look(), LOOK_EVERY_MS);
  }

  /** The host says that the connection has broken: a restart, say. */
  lose() {
    this.end();
    this.#turn("lost");
  }

  /** A message has come, so the kernel lives. */
  heard() {
    if (this.#waiting === "lost") this.#turn("");
    this.look();
  }

  /** @param {Waiting} waiting */
  #turn(waiting) {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.#tell(waiting);
  }

  end() {
    clearTimeout(this.#timer);
  }
}
