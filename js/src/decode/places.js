/** Where a runtime may run, and how to talk to it there: in a worker, or on the page itself. */
import { SERVE } from "./version.js";

const SILENCE_MS = 5000;

/**
 * @typedef {object} Port one end of a conversation: of a worker, or of the wire to this page itself
 * @property {(message: any, transfer?: Transferable[]) => void} postMessage
 * @property {((event: { data: any }) => void) | null} onmessage
 */

/** Questions to a runtime, in a worker or on the page. */
export class Runtime {
  /** Why it is not in a worker; empty when it is. */
  why = "";
  /** What ended it; null while it lives. @type {Error | null} */
  fault = null;

  #port;
  #asked = 0;
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  /** @type {() => void} */
  #hello = () => {};

  /** @param {"worker" | "main thread"} place @param {Worker | Port} port */
  constructor(place, port) {
    this.place = place;
    this.#port = port;
    this.ready = new Promise((/** @type {(value: void) => void} */ resolve) => {
      this.#hello = resolve;
    });
    port.onmessage = (/** @type {{ data: any }} */ { data }) => {
      if (data.ready) this.#hello();
      const question = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error) question?.reject(new Error(data.error));
      else question?.resolve(data.answer);
    };
  }

  /**
   * @param {string} op
   * @param {Record<string, any>} [params]
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  ask(op, params = {}, transfer = []) {
    if (this.fault) return Promise.reject(this.fault);
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ ...params, op, id }, transfer);
    });
  }

  /** @param {Error} error all that waits, and all that will be asked, fails with it */
  end(error) {
    this.fault ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if ("terminate" in this.#port) this.#port.terminate();
    else this.#port.onmessage = null;
  }
}

/** @param {string} source @returns {Promise<Runtime>} */
export async function inWorker(source) {
  let worker;
  try {
    worker = new Worker(source);
  } catch {
    throw new Error("The page's policy blocks workers.");
  }
  const runtime = new Runtime("worker", worker);
  const blocked = new Promise((_, reject) => {
    worker.onerror = (event) => {
      // Said here, so not on the console as well.
      event.preventDefault();
      const text = event.message ? `The worker failed: ${event.message}.` : "";
      const error = new Error(text || "The page's policy blocks workers.");
      runtime.end(error);
      reject(error);
    };
  });
  try {
    await within(SILENCE_MS, Promise.race([runtime.ready, blocked]));
  } catch (error) {
    const silent = new Error(`The worker did not answer: ${message(error)}.`);
    runtime.end(runtime.fault ?? silent);
    throw runtime.fault ?? silent;
  }
  return runtime;
}

/** @param {string} source @param {string} text @returns {Promise<Runtime>} */
export async function onPage(source, text) {
  const serve = (await scripted({ src: source })) ?? (await scripted({ textContent: text }));
  if (!serve) throw new Error("The page's policy blocks scripts that come with a widget.");
  const [own, other] = wire();
  const runtime = new Runtime("main thread", own);
  serve(other);
  return runtime;
}

/**
 * Hands messages over at once: with those of a MessageChannel the picture would miss the frame in
 * which the hand moved.
 * @returns {[Port, Port]}
 */
function wire() {
  /** @type {Port} */
  const one = { onmessage: null, postMessage: (data) => other.onmessage?.({ data }) };
  /** @type {Port} */
  const other = { onmessage: null, postMessage: (data) => one.onmessage?.({ data }) };
  return [one, other];
}

/**
 * Run the script on this page.
 * @param {{ src: string } | { textContent: string }} content
 * @returns {Promise<((port: Port) => void) | null>} null when the page does not let it run
 */
async function scripted(content) {
  const script = document.createElement("script");
  try {
    await within(
      SILENCE_MS,
      new Promise((resolve) => {
        script.onload = resolve;
        script.onerror = resolve;
        Object.assign(script, content);
        document.head.append(script);
        if ("textContent" in content) resolve(null);
      }),
    );
    return Reflect.get(globalThis, SERVE) ?? null;
  } catch {
    return null;
  } finally {
    script.remove();
    Reflect.deleteProperty(globalThis, SERVE);
  }
}

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export function within(ms, promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing for ${ms / 1000} s`)), ms);
  });
  return /** @type {Promise<T>} */ (
    Promise.race([promise, late]).finally(() => clearTimeout(timer))
  );
}

/** @param {unknown} error */
export function message(error) {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
