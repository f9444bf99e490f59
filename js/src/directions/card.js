/** What proves a direction, and what it moves: its report card. */
import { button, make } from "../dom.js";
import { AUC, COHEN, LEAK, P_VALUE } from "./texts.js";

/**
 * @typedef {object} Leak
 * @property {string} factor
 * @property {string} word
 * @property {number} change
 * @property {number} readable
 *
 * @typedef {object} Report
 * @property {string} about
 * @property {string} verdict
 * @property {boolean | null} evident
 * @property {number | null} auc
 * @property {[number, number] | null} shuffled
 * @property {number | null} p_value
 * @property {number | null} cohens_d
 * @property {Leak[]} leaks
 * @property {string} leak_about
 */

/** So many bars say enough at first. */
const FEW = 6;
const READABLE = 0.1;

export class Card {
  element = make("div", { class: "lw-card" });
  #verdict = make("p", { class: "lw-verdict" });
  #about = make("p", { class: "lw-small" });
  #figures = make("div", { class: "lw-figures" });
  #leaks = make("div", { class: "lw-leaks", role: "list", "aria-label": "What a step moves" });
  #head = make("div", { class: "lw-small", title: LEAK }, "one step moves");
  #more;
  #all = false;
  /** @type {Report | null} */
  #card = null;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    const turn = () => {
      this.#all = !this.#all;
      this.#bars();
    };
    this.#more = button("", "More or fewer bars", turn, signal);
    const left = make("div", { class: "lw-proof" }, this.#verdict, this.#figures, this.#about);
    const right = make("div", { class: "lw-moves" }, this.#head, this.#leaks, this.#more);
    this.element.append(left, right);
  }

  /** @param {Report | null} card @param {string} about of the direction itself */
  show(card, about) {
    this.#card = card;
    this.#verdict.textContent = card?.verdict ?? "";
    this.#verdict.dataset.evident = String(card?.evident ?? "");
    this.#about.textContent = about;
    const figures = card && card.auc !== null ? figuresOf(card) : [];
    this.#figures.replaceChildren(...figures);
    this.#figures.hidden = figures.length === 0;
    this.#head.hidden = !card?.leaks.length;
    this.#head.title = card ? `${LEAK} Measured ${card.leak_about}.` : "";
    this.#bars();
  }

  #bars() {
    const leaks = this.#card?.leaks ?? [];
    const shown = this.#all ? leaks : leaks.slice(0, FEW);
    const most = Math.max(1e-9, ...leaks.map(({ change }) => Math.abs(change)), 0.5);
    this.#leaks.replaceChildren(...shown.map((leak) => bar(leak, most)));
    this.#more.hidden = leaks.length <= FEW;
    this.#more.textContent = this.#all ? "show fewer" : `show all ${leaks.length}`;
  }
}

/** @param {Report} card */
function figuresOf({ auc, shuffled, p_value, cohens_d }) {
  const scale = make("div", { class: "lw-scale", "aria-hidden": "true" });
  scale.style.setProperty("--lw-at", `${200 * Math.max((auc ?? 0.5) - 0.5, 0)}%`);
  scale.style.setProperty("--lw-chance", `${200 * Math.max((shuffled?.[1] ?? 0.5) - 0.5, 0)}%`);
  const first = figure("AUC", (auc ?? 0).toFixed(3), AUC);
  first.append(scale);
  const effect = figure("Cohen's d", cohens_d === null ? "–" : cohens_d.toFixed(2), COHEN);
  return [first, effect, figure("p", String(Number((p_value ?? 1).toPrecision(2))), P_VALUE)];
}

/** @param {string} name @param {string} value @param {string} title */
function figure(name, value, title) {
  const label = make("span", { class: "lw-small" }, name);
  return make("div", { class: "lw-figure", title }, label, make("b", {}, value));
}

/** @param {Leak} leak @param {number} most */
function bar({ factor, word, change, readable }, most) {
  const plain = factor.replaceAll("_", " ");
  const name = word && word !== factor ? `${plain}: ${word}` : plain;
  const value = `${change >= 0 ? "+" : "−"}${Math.abs(change).toFixed(2)}`;
  const track = make("span", { class: "lw-bar", "aria-hidden": "true" });
  track.style.setProperty("--lw-from", `${50 + 50 * Math.min(change / most, 0)}%`);
  track.style.setProperty("--lw-long", `${(50 * Math.abs(change)) / most}%`);
  const kind = readable < READABLE ? "lw-leak lw-faint" : "lw-leak";
  const title = `${name}: ${value} standard deviations a step; a linear probe reads ${Math.round(100 * readable)} % of it`;
  const label = make("span", { class: "lw-name" }, name);
  const number = make("span", { class: "lw-small" }, value);
  return make("div", { class: kind, role: "listitem", title }, label, track, number);
}
