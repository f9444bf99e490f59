/** Fetches what a page needs to decode by itself, and starts it. */
import { toBytes } from "../bytes.js";
import { Pair } from "./pair.js";

/**
 * @param {import("./kernel.js").Kernel} kernel
 * @param {import("../facts.js").Facts} facts
 * @param {AbortSignal} signal closes the decoder
 * @returns {Promise<Pair>}
 * @throws {Error} a sentence that says what is missing
 */
export async function fetchDecoder(kernel, facts, signal) {
  if (!facts.can_decode || !facts.image_shape) throw new Error("This space has no decoder.");
  const [height, width, channels] = facts.image_shape;
  const parts = await need(kernel.ask("decoder", "decoder", {}, undefined, Infinity));
  return Pair.load({
    runtime: async () => {
      const [script, wasm] = await need(kernel.ask("runtime", "runtime", {}, undefined, Infinity));
      return { script: new TextDecoder().decode(toBytes(script)), wasm: toBytes(wasm) };
    },
    decoder: toBytes(parts[0]),
    latent_dim: facts.latent_dim,
    image_shape: [channels, height, width],
    signal,
  });
}

/** @param {Promise<import("./kernel.js").Reply | null>} asked @returns {Promise<DataView[]>} */
async function need(asked) {
  const reply = await asked;
  if (!reply) throw new Error("The kernel did not answer.");
  return reply.buffers;
}
