// @ts-check
// The list for a phone: who has a say first, then everybody.

import { age, dots, symbolOf } from "./cards.js";
import { button, el, patchChildren, press, setHidden, stanceClass } from "./dom.js";
import { Keyed } from "./keyed.js";
/** @import { Card } from "./document.d.ts" */
/** @import { Filter, Store } from "./store.js" */

/** @type {Record<Filter, (card: Card) => boolean>} */
const FILTERS = {
  seats: (card) => card.roles.length > 0 || card.kind === "seat",
  against: (card) => card.stance !== null && card.stance < 0,
  due: (card) => card.stale || (card.stance === null && card.roles.length > 0),
  all: () => true,
};
const NAMES = /** @type {Filter[]} */ (Object.keys(FILTERS));

/** @param {Store} store */
export function listView(store) {
  const bar = el("div", "rm-filters");
  const rows = el("ul", "");
  const nobody = el("p", "rm-note", store.doc.words.nobody_in_list);
  /** @type {Keyed<Card, HTMLLIElement>} */
  const drawn = new Keyed(
    rows,
    () => el("li", ""),
    (node, card) => patchChildren(node, [row(card, store)]),
  );
  const draw = () => {
    const people = store.doc.cards.filter((card) => card.kind !== "member");
    const wanted = people.filter(FILTERS[store.filter]).sort(order);
    patchChildren(bar, NAMES.map((name) => filterButton(name, people, store)));
    press(bar, "filter", store.filter);
    drawn.update(wanted);
    setHidden(nobody, wanted.length > 0);
  };
  draw();
  store.subscribe(["document", "filter"], draw);
  return el("div", "rm-list", bar, rows, nobody);
}

/**
 * Who has a say, where anybody has.
 *
 * @param {Card[]} cards
 * @returns {Filter}
 */
export function firstFilter(cards) {
  return cards.some((card) => card.kind !== "member" && FILTERS.seats(card)) ? "seats" : "all";
}

/**
 * @param {Filter} name
 * @param {Card[]} people
 * @param {Store} store
 */
function filterButton(name, people, store) {
  const label = store.doc.words[`filter_${name}`];
  const text = `${label} ${people.filter(FILTERS[name]).length}`;
  const node = button("rm-filter", label, text, () => store.setFilter(name));
  node.dataset.filter = name;
  node.setAttribute("aria-pressed", String(name === store.filter));
  return node;
}

/**
 * @param {Card} a
 * @param {Card} b
 */
function order(a, b) {
  return (
    weight(b) - weight(a) || (a.depth ?? 99) - (b.depth ?? 99) || a.name.localeCompare(b.name)
  );
}

/** @param {Card} card */
function weight(card) {
  if (card.chip?.tone === "dark") return 2;
  return card.roles.length ? 1 : 0;
}

/**
 * @param {Card} card
 * @param {Store} store
 */
function row(card, store) {
  const { doc } = store;
  const name = el("span", "", el("b", "", card.name), " ", el("small", "", card.name_alt));
  const right = el("span", `rm-list-right ${stanceClass(card.stance)}`);
  if (card.kind === "person") {
    right.append(el("span", "rm-symbol", `${symbolOf(doc, card.stance)} ${card.stance_label}`));
  }
  right.append(age(card, doc.words) ?? (card.closeness === null ? "" : dots(card.closeness)));
  const node = button(
    `rm-list-row ${stanceClass(card.stance)}`,
    card.name,
    "",
    () => store.select(card.id),
  );
  node.append(
    el("i", "rm-bar"),
    el("span", "rm-badge", card.initials),
    el("span", "rm-list-text", name, el("small", "", card.title)),
  );
  if (card.chip) node.append(el("span", `rm-chip ${card.chip.tone}`, card.chip.text));
  node.append(right);
  return node;
}
