// @ts-check
// The legend below the picture, with the lens that chooses what the cards show.

import { button, el, fill, patchChildren, press, stanceClass } from "./dom.js";
import { lineSample } from "./lines.js";
/** @import { LegendEntry, MapDocument } from "./document.d.ts" */
/** @import { Lens, Store } from "./store.js" */

/** @type {Lens[]} */
const LENSES = ["support", "influence", "freshness"];
const WIDE_SCREEN = 900;

/** @param {Store} store */
export function legend(store) {
  const label = store.doc.words.legend;
  const node = el("div", "rm-legend");
  const list = el("ul", "");
  const fold = button("rm-fold", label, label, () => setOpen(!node.classList.contains("rm-open")));
  /** @param {boolean} open */
  const setOpen = (open) => {
    node.classList.toggle("rm-open", open);
    fold.setAttribute("aria-expanded", String(open));
  };
  const draw = () => patchChildren(list, store.doc.legend.map((item) => entry(item, store.doc)));
  draw();
  store.subscribe(["document"], draw);
  node.append(fold, lensChoice(store), list);
  setOpen(innerWidth > WIDE_SCREEN);
  return node;
}

/** @param {Store} store */
function lensChoice(store) {
  const { words } = store.doc;
  const node = el("div", "rm-lens");
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", words.lens);
  for (const lens of LENSES) {
    const label = words[`lens_${lens}`];
    const choice = button("", label, label, () => store.setLens(lens));
    choice.dataset.lens = lens;
    node.append(choice);
  }
  press(node, "lens", store.lens);
  store.subscribe(["lens"], () => press(node, "lens", store.lens));
  return node;
}

/**
 * @param {LegendEntry} item
 * @param {MapDocument} doc
 */
function entry({ key, style, symbol, label }, doc) {
  if (style) return el("li", "", lineSample(style), label, drawnShare(key, doc));
  const stance = key === "unknown" ? null : Number(key);
  return el("li", "", el("i", `rm-symbol ${stanceClass(stance)}`, symbol), label);
}

/**
 * Of many influences only the weightiest are drawn at once; the legend says so.
 *
 * @param {string} key
 * @param {MapDocument} doc
 */
function drawnShare(key, doc) {
  const lines = doc.lines.filter((line) => line.kind === key);
  const drawn = lines.filter((line) => line.shown === "always").length;
  const all = lines.length + (doc.left_out[key] ?? 0);
  if (key !== "influence" || drawn === all) return null;
  const note = el("small", "rm-note", `${drawn}/${all.toLocaleString(doc.lang)}`);
  note.title = fill(doc.words.influences_shown, { shown: drawn, all });
  note.setAttribute("aria-label", note.title);
  return note;
}
