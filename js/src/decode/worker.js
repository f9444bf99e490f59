/**
 * Runs decoders with ONNX Runtime behind a message port.
 *
 * Built as a plain script, not as a module: workers made of a blob may be refused as modules.
 * In a worker the port is the worker itself; where workers are forbidden the page runs this same
 * script and brings a port of its own.
 */
import * as ort from "onnxruntime-web/wasm";
import { SERVE } from "./version.js";

/** An ONNX file of one Identity: opening it starts the runtime and tells its faults from a model's. */
const NOTHING =
  "CAgSADo2ChAKAWESAWIiCElkZW50aXR5EgBaDwoBYRIKCggIARIECgIIAWIPCgFiEgoKCAgBEgQKAggBQgQKABAN";

/** @type {Map<number, ort.InferenceSession>} */
const sessions = new Map();
let opened = 0;

/**
 * wasm alone. The runtime that knows WebGPU too weighs nearly twice as much (6.6 MB packed against
 * 3.7), and each picture would have to be read back from the card, which makes it come later than
 * the frame in which the hand moved; decoders too heavy for wasm have the kernel.
 * @type {ort.InferenceSession.SessionOptions}
 */
const OPTIONS = { executionProviders: ["wasm"], graphOptimizationLevel: "all" };

/** @type {Record<string, (question: any) => Promise<Record<string, any>>>} */
const answers = {
  async start({ wasm }) {
    // Threads need a page that is isolated from all others, which no notebook is.
    Object.assign(ort.env.wasm, { numThreads: 1, proxy: false, wasmBinary: await unpack(wasm) });
    ort.env.logLevel = "error";
    const bytes = Uint8Array.from(atob(NOTHING), (character) => character.charCodeAt(0));
    await (await ort.InferenceSession.create(bytes, OPTIONS)).release();
    ort.env.wasm.wasmBinary = undefined;
    return {};
  },

  async open({ decoder }) {
    opened += 1;
    sessions.set(opened, await ort.InferenceSession.create(decoder, OPTIONS));
    return { session: opened };
  },

  /** One picture: z is one latent. */
  async decode({ session, z }) {
    const found = sessions.get(session);
    if (!found) throw new Error("this decoder is closed");
    const start = performance.now();
    const { pixels } = await found.run({ z: new ort.Tensor("float32", z, [1, z.length]) });
    return { pixels: pixels.data, ms: performance.now() - start };
  },

  async close({ session }) {
    await sessions.get(session)?.release();
    sessions.delete(session);
    return {};
  },
};

/** @param {Uint8Array<ArrayBuffer>} packed with gzip */
function unpack(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/**
 * Answer the questions that come through a port, one after the other.
 * @param {import("./places.js").Port} port
 */
function serve(port) {
  let last = Promise.resolve();
  port.onmessage = ({ data }) => {
    last = last.then(async () => {
      try {
        const answer = await answers[data.op](data);
        port.postMessage({ id: data.id, answer }, answer.pixels ? [answer.pixels.buffer] : []);
      } catch (error) {
        port.postMessage({
          id: data.id,
          error: error instanceof Error ? error.message : `${error}`,
        });
      }
    });
  };
  port.postMessage({ ready: true });
}

if (typeof document === "undefined") serve(/** @type {any} */ (globalThis));
else Reflect.set(globalThis, SERVE, serve);
