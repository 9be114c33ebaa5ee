// Cards, rows, seats, pills and departments as elements with fixed places.

import { el, fill, stanceClass } from "./dom.js";

export function symbolOf(doc, stance) {
  const key = stance === null || stance === undefined ? "unknown" : String(stance);
  const entry = doc.legend.find((item) => item.kind === "stance" && item.key === key);
  return entry ? entry.symbol : "?";
}

export function dots(closeness, label) {
  const node = el("span", "rm-dots");
  for (let i = 0; i < 5; i++) node.append(el("i", i < closeness ? "on" : ""));
  if (label) {
    node.setAttribute("role", "img");
    node.setAttribute("aria-label", label);
  }
  return node;
}

export function setBox(node, box) {
  node.style.left = `${box.x}px`;
  node.style.top = `${box.y}px`;
  node.style.width = `${box.w}px`;
  node.style.height = `${box.h}px`;
}

// The other language's name is shown whole or, where there is no room, not at all (map.css).
function fullName(card) {
  const name = el("span", "rm-name", el("b", "", card.name));
  if (card.name_alt) name.append(" ", el("small", "", card.name_alt));
  name.title = [card.name, card.name_alt].filter(Boolean).join(" ");
  return name;
}

export function cardElement(card, doc) {
  const words = doc.words;
  const node = el("div", `rm-card rm-${card.kind} rm-${card.shape} ${stanceClass(card.stance)}`);
  node.dataset.cardId = card.id;
  node.tabIndex = -1;
  node.setAttribute("role", "button");
  const stance = card.kind === "person" ? card.stance_label : "";
  const chip = card.chip ? card.chip.text : "";
  node.setAttribute(
    "aria-label",
    [card.name, card.name_alt, card.title, chip, stance].filter(Boolean).join(", "),
  );
  setBox(node, card);
  const symbol = el("span", "rm-symbol", symbolOf(doc, card.stance));
  if (card.shape === "row") {
    node.append(el("i", "rm-bar"), fullName(card), symbol);
    return node;
  }
  const badge = el("span", "rm-badge", card.initials);
  if (card.shape === "pill") {
    node.append(badge, fullName(card), el("span", "rm-title", card.title));
    return node;
  }
  const head = el("span", "rm-head", fullName(card));
  if (card.stale && card.age_days !== null) {
    head.append(el("span", "rm-age", fill(words.days_short, { days: card.age_days })));
  }
  const foot = el("span", "rm-foot");
  if (card.chip) foot.append(el("span", `rm-chip ${card.chip.tone}`, card.chip.text));
  if (card.closeness !== null && card.kind === "person") foot.append(dots(card.closeness));
  foot.append(meter("rm-power", card.power ? card.power.value : null, words));
  foot.append(meter("rm-fresh", freshness(card), words));
  if (card.kind === "person") {
    symbol.append(el("em", "", ` ${card.stance_label}`));
    foot.append(symbol);
  }
  node.append(el("i", "rm-bar"), badge, head, el("span", "rm-title", card.title), foot);
  return node;
}

// 1 today, a half after 90 days (METHODS §5); null if never assessed.
export function freshness(card) {
  return card.age_days === null ? null : 2 ** (-card.age_days / 90);
}

function meter(className, value, words) {
  const node = el("span", `rm-meter ${className}`);
  if (value === null || value === undefined) {
    node.append(el("small", "", words.unknown));
    return node;
  }
  const bar = el("i", "");
  bar.style.width = `${Math.round(value * 100)}%`;
  node.append(el("span", "rm-track", bar), el("small", "", value.toFixed(2)));
  return node;
}

export function groupElement(group, doc) {
  const node = el("section", "rm-group");
  node.setAttribute("aria-label", group.name);
  setBox(node, group);
  const counts = el("span", "rm-counts");
  const bar = el("span", "rm-stances");
  const total = Object.values(group.stances).reduce((sum, n) => sum + n, 0);
  for (const { kind, key, symbol, label } of doc.legend) {
    const count = kind === "stance" ? group.stances[key] : 0;
    if (!count) continue;
    const stance = key === "unknown" ? null : Number(key);
    const entry = el("span", stanceClass(stance), el("i", "", symbol), String(count));
    entry.title = label;
    counts.append(entry);
    const piece = el("i", stanceClass(stance));
    piece.style.width = `${(count / total) * 100}%`;
    bar.append(piece);
  }
  const under = group.name_alt ? `${group.name_alt} · ${group.count}` : String(group.count);
  node.append(
    el("header", "", el("b", "", group.name), el("small", "", under), counts, bar),
  );
  return node;
}
