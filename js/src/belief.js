/** A line under a large picture: how far to believe it. */
import { make } from "./dom.js";
import { words } from "./verdict.js";

export class Belief {
  element = make("p", { class: "lw-small lw-belief", title: BELIEF });

  /** Hears each verdict of the picture above. @param {import("./verdict.js").Verdict} verdict */
  tell = (verdict) => {
    const said = [verdict.off ? "off the data" : "", ...words(verdict)];
    this.element.textContent = said.filter(Boolean).join(" · ");
    this.element.classList.toggle("lw-doubtful", verdict.off);
  };
}

const BELIEF =
  "Denser: the share of the rows that lie where fewer others are. Round trip: how far encoding " +
  "the picture leads from its latent, as a multiple of what is usual for the rows. Off the data: " +
  "sparser, or a longer round trip, than 99 % of them.";
