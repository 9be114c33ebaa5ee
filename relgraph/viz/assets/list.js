// The list for a phone: who has a say first, then everybody.

import { dots, symbolOf } from "./cards.js";
import { button, el, fill, stanceClass } from "./dom.js";

const FILTERS = {
  seats: (card) => card.roles.length > 0 || card.kind === "seat",
  against: (card) => card.stance !== null && card.stance < 0,
  due: (card) => card.stale || (card.stance === null && card.roles.length > 0),
  all: () => true,
};

export function listView(map) {
  const { doc } = map;
  const words = doc.words;
  const people = doc.cards.filter((card) => card.kind !== "member");
  const node = el("div", "rm-list");
  const bar = el("div", "rm-filters");
  const body = el("ul", "");
  const show = (name) => {
    for (const chip of bar.children) {
      chip.setAttribute("aria-pressed", String(chip.dataset.filter === name));
    }
    const rows = people.filter(FILTERS[name]).sort(order);
    body.replaceChildren(...rows.map((card) => row(card, map)));
    if (!rows.length) body.append(el("li", "rm-note", words.nobody_in_list));
  };
  for (const name of Object.keys(FILTERS)) {
    const count = people.filter(FILTERS[name]).length;
    const label = words[`filter_${name}`];
    const chip = button("rm-filter", label, `${label} ${count}`, () => show(name));
    chip.dataset.filter = name;
    bar.append(chip);
  }
  node.append(bar, body);
  show(people.some(FILTERS.seats) ? "seats" : "all");
  return node;
}

function order(a, b) {
  const weight = (card) => (card.chip && card.chip.tone === "dark" ? 2 : card.roles.length ? 1 : 0);
  return weight(b) - weight(a) || (a.depth ?? 99) - (b.depth ?? 99) || a.name.localeCompare(b.name);
}

function row(card, map) {
  const { doc } = map;
  const name = el("b", "", card.name);
  const text = el("span", "rm-list-text", el("span", "", name, " ", el("small", "", card.name_alt)));
  text.append(el("small", "", card.title));
  const right = el("span", `rm-list-right ${stanceClass(card.stance)}`);
  if (card.kind === "person") {
    right.append(el("span", "rm-symbol", `${symbolOf(doc, card.stance)} ${card.stance_label}`));
  }
  if (card.stale && card.age_days !== null) {
    right.append(el("span", "rm-age", fill(doc.words.days_short, { days: card.age_days })));
  } else if (card.closeness !== null) {
    right.append(dots(card.closeness));
  }
  const open = button(`rm-list-row ${stanceClass(card.stance)}`, card.name, "", () =>
    map.select(card.id),
  );
  open.append(el("i", "rm-bar"), el("span", "rm-badge", card.initials), text);
  if (card.chip) open.append(el("span", `rm-chip ${card.chip.tone}`, card.chip.text));
  open.append(right);
  return el("li", "", open);
}
