/** A page inside another: it waits to be seen, fits its frame, and takes its host's colours. */

const SETTLED_MS = 1000;
/** Narrower than this the picture stays in sight while the page scrolls inside its frame. */
const NARROW = 720;
const COLOURS = [
  "--jp-layout-color0",
  "--jp-layout-color1",
  "--jp-layout-color2",
  "--jp-border-color2",
  "--jp-ui-font-color1",
  "--jp-ui-font-color2",
  "--jp-brand-color1",
  "--jp-brand-color3",
];

/** Whether the page stands in another. */
export function isEmbedded() {
  return document.documentElement.classList.contains("lw-embedded");
}

/**
 * Wait until the page has been in sight for a while: a notebook may hold several, and hides those
 * whose widget is about to come to life.
 */
export async function seen() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  await new Promise((/** @type {(value: void) => void} */ resolve) => {
    const observer = new IntersectionObserver(([entry]) => {
      clearTimeout(timer);
      if (!entry.isIntersecting) return;
      timer = setTimeout(() => {
        observer.disconnect();
        resolve();
      }, SETTLED_MS);
    });
    observer.observe(document.documentElement);
  });
}

/** Tell the host how high the page is, and hear its colours; one without a script stays silent. */
export function fit() {
  const root = document.documentElement;
  addEventListener("message", ({ data, source }) => {
    if (source !== parent || !Array.isArray(data?.lw_colours)) return;
    COLOURS.forEach((name, i) => {
      root.style.setProperty(name, data.lw_colours[i] ?? "");
    });
  });
  const page = /** @type {HTMLElement} */ (document.querySelector(".lw-page"));
  const tell = () => {
    const lw_height = innerWidth < NARROW ? 0 : Math.ceil(page.getBoundingClientRect().height);
    parent.postMessage({ lw_height, lw_names: COLOURS }, "*");
  };
  new ResizeObserver(tell).observe(page);
}
