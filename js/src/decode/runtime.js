/**
 * The page's one ONNX Runtime: in a worker where the page allows it, else on the page itself.
 *
 * It stays for as long as the page does: starting it takes a second and closing a cell must not
 * cost the next one that second again.
 */
import { RUNTIMES, SERVE, VERSION } from "./version.js";

/**
 * @typedef {object} Supply
 * @property {string} script text of `decoder.js`
 * @property {Uint8Array<ArrayBuffer>} wasm the runtime, packed with gzip
 */

const SILENCE_MS = 5000;
/** Unpacking and compiling: a second on a laptop, several on an old phone. */
const START_MS = 30_000;
/** A function on 128-bit vectors, which is all that is asked of it here. */
const SIMD = "AGFzbQEAAAABBQFgAAF7AwIBAAoKAQgAQQD9D/1iCw==";

/** Questions to a runtime, through a worker or a port. */
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

  /** @param {"worker" | "main thread"} place @param {Worker | MessagePort} port */
  constructor(place, port) {
    this.place = place;
    this.#port = port;
    this.ready = new Promise((/** @type {(value: void) => void} */ resolve) => {
      this.#hello = resolve;
    });
    port.onmessage = ({ data }) => {
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
    else this.#port.close();
  }
}

/**
 * The page's runtime, started if there is none yet.
 * @param {() => Promise<Supply>} supply called only when the page has none
 * @returns {Promise<Runtime>}
 * @throws {Error} a sentence that says what the browser or the page forbids
 */
export async function pageRuntime(supply) {
  checkBrowser();
  const page = /** @type {Record<symbol, Map<string, Promise<Runtime>> | undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  const runtimes = page[RUNTIMES] ?? new Map();
  page[RUNTIMES] = runtimes;
  for (;;) {
    const known = runtimes.get(VERSION);
    if (!known) break;
    // Whoever began it may have left before it had come; then this one begins anew.
    const runtime = await known.catch(() => null);
    if (runtime && !runtime.fault) return runtime;
    if (runtimes.get(VERSION) === known) runtimes.delete(VERSION);
  }
  const starting = supply().then(start);
  runtimes.set(VERSION, starting);
  return starting;
}

/** Ask first what the browser can do: a policy that forbids wasm does so in workers too. */
function checkBrowser() {
  const cannot = "Pictures cannot be decoded in this page: ";
  if (typeof WebAssembly !== "object") throw new Error(`${cannot}the browser has no WebAssembly.`);
  const simd = Uint8Array.from(atob(SIMD), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(simd)) {
    throw new Error(`${cannot}the browser's WebAssembly has no SIMD.`);
  }
  if (typeof DecompressionStream === "undefined") {
    throw new Error(`${cannot}the browser has no DecompressionStream.`);
  }
  try {
    new WebAssembly.Module(simd);
  } catch {
    throw new Error(
      `${cannot}its policy forbids WebAssembly (script-src lacks 'wasm-unsafe-eval').`,
    );
  }
}

/** @param {Supply} supply @returns {Promise<Runtime>} */
async function start({ script, wasm }) {
  const source = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  /** @type {string[]} */
  const reasons = [];
  try {
    for (const open of [inWorker, onPage]) {
      try {
        const runtime = await open(source, script);
        runtime.why = reasons.join(" ");
        await begin(runtime, wasm);
        return runtime;
      } catch (error) {
        reasons.push(error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    URL.revokeObjectURL(source);
  }
  throw new Error(`Pictures cannot be decoded in this page: ${reasons.join(" ")}`);
}

/** @param {Runtime} runtime @param {Uint8Array<ArrayBuffer>} wasm */
async function begin(runtime, wasm) {
  const copy = wasm.slice();
  try {
    await within(START_MS, runtime.ask("start", { wasm: copy }, [copy.buffer]));
  } catch (error) {
    const reason = new Error(`The runtime did not start (${runtime.place}): ${message(error)}.`);
    runtime.end(reason);
    throw reason;
  }
}

/** @param {string} source @returns {Promise<Runtime>} */
async function inWorker(source) {
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
async function onPage(source, text) {
  const serve = (await scripted({ src: source })) ?? (await scripted({ textContent: text }));
  if (!serve) throw new Error("The page's policy blocks scripts that come with a widget.");
  const { port1, port2 } = new MessageChannel();
  const runtime = new Runtime("main thread", port1);
  serve(port2);
  return runtime;
}

/**
 * Run the script on this page.
 * @param {{ src: string } | { textContent: string }} content
 * @returns {Promise<((port: MessagePort) => void) | null>} null when the page does not let it run
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
function within(ms, promise) {
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
function message(error) {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
