// @ts-check
// The keyboard: walking from card to card, moving the view, and the list of what keys do.

import { cardIdAt } from "./canvas.js";
import { el, setHidden } from "./dom.js";
/** @import { Canvas } from "./canvas.js" */
/** @import { Card } from "./document.d.ts" */
/** @import { Search } from "./search.js" */
/** @import { Store } from "./store.js" */
/** @import { View } from "./view.js" */
/** @typedef {[number, number]} Direction */

/** @type {Map<string, Direction>} */
const ARROWS = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);
const STEP = 80;
/** @type {["keys_move" | "keys_open" | "keys_zoom" | "keys_find" | "keys_drag", string][]} */
const KEYS = [
  ["keys_move", "← → ↑ ↓"],
  ["keys_open", "Enter · Esc"],
  ["keys_zoom", "+ − 0"],
  ["keys_find", "/"],
  ["keys_drag", "Shift ←"],
];

/**
 * @param {HTMLElement} root
 * @param {{ store: Store, canvas: Canvas, view: View, search: Search }} parts
 */
export function bindKeys(root, { store, canvas, view, search }) {
  /**
   * @param {KeyboardEvent} event
   * @param {Direction} direction
   */
  const walk = (event, [dx, dy]) => {
    const id = cardIdAt(event.target);
    const card = id === null ? undefined : store.cards.get(id);
    if (event.shiftKey || (!card && event.target === canvas.viewport)) {
      view.pan(-dx * STEP, -dy * STEP);
      return true;
    }
    const next = card && neighbour(card, [dx, dy], store.doc.cards);
    if (!next) return false;
    if (store.selected) {
      store.select(next.id);
    } else {
      canvas.focusCard(next.id);
      view.reveal(next);
    }
    return true;
  };
  /** @type {Record<string, () => void>} */
  const actions = {
    Escape: () => (store.help ? store.toggleHelp() : store.select(null)),
    "+": () => view.zoom(1.25),
    "=": () => view.zoom(1.25),
    "-": () => view.zoom(0.8),
    "0": () => view.fit(true),
    f: () => view.fit(true),
    "?": () => store.toggleHelp(),
    "/": () => search.input.focus(),
  };
  /** @param {KeyboardEvent} event */
  const handle = (event) => {
    const arrow = ARROWS.get(event.key);
    if (arrow) return walk(event, arrow);
    const id = cardIdAt(event.target);
    if ((event.key === "Enter" || event.key === " ") && id !== null) {
      store.select(id);
      return true;
    }
    const action = actions[event.key];
    action?.();
    return Boolean(action);
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !handle(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/**
 * The nearest card in a direction, sideways distance counting double.
 *
 * @param {Card} card
 * @param {Direction} direction
 * @param {Card[]} cards
 */
function neighbour(card, [dx, dy], cards) {
  let best = null;
  let least = Infinity;
  for (const other of cards) {
    const x = other.x + other.w / 2 - card.x - card.w / 2;
    const y = other.y + other.h / 2 - card.y - card.h / 2;
    const ahead = x * dx + y * dy;
    const cost = ahead + 2 * (Math.abs(x * dy) + Math.abs(y * dx));
    if (other === card || ahead <= 4 || cost >= least) continue;
    least = cost;
    best = other;
  }
  return best;
}

/**
 * The box that lists the keys, while the store says so.
 *
 * @param {Store} store
 */
export function keysHelp(store) {
  const { words } = store.doc;
  const list = el("dl", "");
  for (const [word, keys] of KEYS) list.append(el("dt", "", keys), el("dd", "", words[word]));
  const node = el("div", "rm-help", el("h2", "", words.help), list);
  node.setAttribute("role", "note");
  setHidden(node, !store.help);
  store.subscribe(["help"], () => {
    setHidden(node, !store.help);
  });
  return node;
}
