/** A camera: what it sees, and a shutter. */
import { button, make } from "../dom.js";

/** @type {Record<string, string>} what the browser's refusals mean */
const REFUSALS = {
  NotFoundError: "No camera was found: plug one in, or choose a file.",
  NotAllowedError:
    "The browser does not let this page use the camera: allow it beside the address, or choose a file.",
  NotReadableError: "The camera is busy: another program is using it.",
};
const NO_CAMERA =
  "This page cannot use a camera: browsers allow it on https and on localhost only. Choose a file.";

export class Camera {
  element = make("div", { class: "lw-camera" });

  #shoot;
  #video = make("video", { playsinline: true, "aria-label": "What the camera sees" });
  #said = make("p", { class: "lw-said", role: "status" });
  #shutter;
  /** @type {MediaStream | null} */
  #stream = null;
  #wanted = false;

  /** @param {(photo: Blob) => void} shoot @param {AbortSignal} signal */
  constructor(shoot, signal) {
    this.#shoot = shoot;
    this.#video.muted = true;
    const title = "Take the picture that the camera sees now";
    this.#shutter = button("take the picture", title, () => this.#take(), signal);
    this.#shutter.className = "lw-chip";
    this.element.append(this.#video, this.#said, this.#shutter);
    this.#show("");
    signal.addEventListener("abort", () => this.close());
  }

  async open() {
    this.#wanted = true;
    if (this.#stream) return;
    if (!navigator.mediaDevices?.getUserMedia) return this.#show(NO_CAMERA);
    this.#show("Waiting for the camera…");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
      this.#stream = stream;
      // It was left while the browser asked.
      if (!this.#wanted) return this.close();
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#show("");
    } catch (error) {
      this.close();
      const name = error instanceof Error ? error.name : "";
      this.#show(REFUSALS[name] ?? `The camera cannot be used: ${error}`);
    }
  }

  /** Its light must not stay on. */
  close() {
    this.#wanted = false;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  async #take() {
    const { videoWidth, videoHeight } = this.#video;
    if (!videoWidth) return;
    const canvas = new OffscreenCanvas(videoWidth, videoHeight);
    canvas.getContext("2d")?.drawImage(this.#video, 0, 0);
    this.#shoot(await canvas.convertToBlob({ type: "image/png" }));
  }

  /** @param {string} text */
  #show(text) {
    this.#said.textContent = text;
    const seen = !text && this.#stream !== null;
    this.#video.hidden = this.#shutter.hidden = !seen;
  }
}
