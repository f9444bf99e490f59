/**
 * The page's one ONNX Runtime: in a worker where the page allows it, else on the page itself.
 *
 * It stays for as long as the page does: starting it takes a second and closing a cell must not
 * cost the next one that second again.
 */
import { inWorker, message, onPage, within } from "./places.js";
import { RUNTIMES, VERSION } from "./version.js";

/**
 * @typedef {import("./places.js").Runtime} Runtime
 *
 * @typedef {object} Supply
 * @property {string} script text of `decoder.js`
 * @property {Uint8Array<ArrayBuffer>} wasm the runtime, packed with gzip
 */

/** Unpacking and compiling: a second on a laptop, several on an old phone. */
const START_MS = 30_000;
/** A function on 128-bit vectors, which is all that is asked of it here. */
const SIMD = "AGFzbQEAAAABBQFgAAF7AwIBAAoKAQgAQQD9D/1iCw==";

/**
 * The page's runtime, started if there is none yet.
 * @param {() => Promise<Supply>} supply called only when the page has none
 * @param {boolean} [near] the one on the page's own thread, even where workers are allowed
 * @returns {Promise<Runtime>}
 * @throws {Error} a sentence that says what the browser or the page forbids
 */
export async function pageRuntime(supply, near = false) {
  checkBrowser();
  const page = /** @type {Record<symbol, Map<string, Promise<Runtime>> | undefined>} */ (
    /** @type {unknown} */ (globalThis)
  );
  const runtimes = page[RUNTIMES] ?? new Map();
  page[RUNTIMES] = runtimes;
  const name = near ? `${VERSION} near` : VERSION;
  for (;;) {
    const known = runtimes.get(name);
    if (!known) break;
    // Whoever began it may have left before it had come; then this one begins anew.
    const runtime = await known.catch(() => null);
    if (runtime && !runtime.fault) return runtime;
    if (runtimes.get(name) === known) runtimes.delete(name);
  }
  const starting = supply().then((supplied) =>
    start(supplied, near ? [onPage] : [inWorker, onPage]),
  );
  runtimes.set(name, starting);
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

/**
 * @param {Supply} supply
 * @param {((source: string, script: string) => Promise<Runtime>)[]} ways the first that works
 * @returns {Promise<Runtime>}
 */
async function start({ script, wasm }, ways) {
  const source = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  /** @type {string[]} */
  const reasons = [];
  try {
    for (const open of ways) {
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
