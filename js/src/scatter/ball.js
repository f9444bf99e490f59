/** The ball of a globe: a translucent disc below the points, and the net of lines on its surface. */
import { graticule } from "./globe.js";
import { css, mix } from "./palette.js";
import { drawer } from "./under.js";

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./marks.js").Theme} Theme
 * @typedef {import("./globe.js").Globe} Globe
 */

export class Ball {
  /** @type {Globe | null} */
  globe = null;
  #lines = graticule();
  below = drawer(
    (pen, camera, theme) => this.#fill(pen, camera, theme),
    () => !this.globe,
  );
  /** @type {import("./under.js").Drawer} */
  above = { draw: (pen, camera, theme) => this.#net(pen, camera, theme) };

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  #fill(pen, camera, theme) {
    if (!this.globe) return;
    const [x, y] = camera.toPage(0, 0);
    const radius = this.globe.outline * camera.scale;
    const light = pen.createRadialGradient(
      ...[x - 0.35 * radius, y - 0.4 * radius, 0.1 * radius],
      ...[x, y, radius],
    );
    light.addColorStop(0, css(mix(theme.background, theme.text, theme.dark ? 0.14 : 0.02)));
    light.addColorStop(1, css(mix(theme.background, theme.text, theme.dark ? 0.06 : 0.09)));
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = light;
    pen.fill();
  }

  /** @param {CanvasRenderingContext2D} pen @param {Camera} camera @param {Theme} theme */
  #net(pen, camera, theme) {
    const { globe } = this;
    if (!globe) return;
    pen.strokeStyle = css(theme.text);
    pen.lineWidth = 1;
    for (const front of [false, true]) {
      pen.globalAlpha = front ? 0.16 : 0.05;
      pen.beginPath();
      for (const line of this.#lines) {
        let drawn = false;
        for (const place of line) {
          const [right, up, near] = globe.see(place);
          const here = globe.touchable(near) === front;
          const at = camera.toPage(right, up);
          if (here && drawn) pen.lineTo(...at);
          else if (here) pen.moveTo(...at);
          drawn = here;
        }
      }
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }
}
