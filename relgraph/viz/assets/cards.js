// @ts-check
// What stands in cards, rows, seats, pills and departments, and where they stand.

import { el, fill, patchChildren, stanceClass } from "./dom.js";
/** @import { Card, Group, MapDocument, Words } from "./document.d.ts" */

/**
 * @param {MapDocument} doc
 * @param {number | null} stance
 */
export function symbolOf(doc, stance) {
  const key = stance === null ? "unknown" : String(stance);
  return doc.legend.find((item) => item.kind === "stance" && item.key === key)?.symbol ?? "?";
}

/**
 * @param {number} closeness
 * @param {string} label
 */
export function dots(closeness, label = "") {
  const node = el("span", "rm-dots");
  for (let i = 0; i < 5; i++) node.append(el("i", i < closeness ? "on" : ""));
  if (label) {
    node.setAttribute("role", "img");
    node.setAttribute("aria-label", label);
  }
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {{ x: number, y: number, w: number, h: number }} box
 */
function setBox(node, { x, y, w, h }) {
  Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
}

/**
 * The other language's name stands there in full or, without room, not at all (map.css).
 *
 * @param {Card} card
 */
function fullName(card) {
  const name = el("span", "rm-name", el("b", "", card.name));
  if (card.name_alt) name.append(" ", el("small", "", card.name_alt));
  name.title = [card.name, card.name_alt].filter(Boolean).join(" ");
  return name;
}

/**
 * @param {Card} card
 * @returns {HTMLElement}
 */
export function createCard(card) {
  const node = el("div", "");
  node.dataset.cardId = card.id;
  node.tabIndex = -1;
  node.setAttribute("role", "button");
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {Card} card
 * @param {MapDocument} doc
 */
export function drawCard(node, card, doc) {
  node.className = `rm-card rm-${card.kind} rm-${card.shape} ${stanceClass(card.stance)}`;
  const stance = card.kind === "person" ? card.stance_label : "";
  node.setAttribute(
    "aria-label",
    [card.name, card.name_alt, card.title, card.chip?.text, stance].filter(Boolean).join(", "),
  );
  setBox(node, card);
  patchChildren(node, cardParts(card, doc));
}

/**
 * @param {Card} card
 * @param {MapDocument} doc
 */
function cardParts(card, doc) {
  const symbol = el("span", "rm-symbol", symbolOf(doc, card.stance));
  if (card.shape === "row") return [el("i", "rm-bar"), fullName(card), symbol];
  const badge = el("span", "rm-badge", card.initials);
  const title = el("span", "rm-title", card.title);
  if (card.shape === "pill") return [badge, fullName(card), title];
  const head = el("span", "rm-head", fullName(card), age(card, doc.words));
  const foot = el("span", "rm-foot");
  if (card.chip) foot.append(el("span", `rm-chip ${card.chip.tone}`, card.chip.text));
  if (card.closeness !== null && card.kind === "person") foot.append(dots(card.closeness));
  foot.append(meter("rm-power", card.power?.value ?? null, doc.words));
  foot.append(meter("rm-fresh", freshness(card), doc.words));
  if (card.kind === "person") {
    symbol.append(el("em", "", ` ${card.stance_label}`));
    foot.append(symbol);
  }
  return [el("i", "rm-bar"), badge, head, title, foot];
}

/**
 * How old a judgement is, where that is too old.
 *
 * @param {Card} card
 * @param {Words} words
 */
export function age(card, words) {
  if (!card.stale || card.age_days === null) return null;
  return el("span", "rm-age", fill(words.days_short, { days: card.age_days }));
}

/**
 * 1 today, a half after 90 days (METHODS §5); null if never assessed.
 *
 * @param {Card} card
 */
function freshness(card) {
  return card.age_days === null ? null : 2 ** (-card.age_days / 90);
}

/**
 * @param {string} className
 * @param {number | null} value
 * @param {Words} words
 */
function meter(className, value, words) {
  const node = el("span", `rm-meter ${className}`);
  if (value === null) {
    node.append(el("small", "", words.unknown));
    return node;
  }
  node.append(track(value), el("small", "", value.toFixed(2)));
  return node;
}

/**
 * A share from 0 to 1 as a bar.
 *
 * @param {number} share
 */
export function track(share) {
  const bar = el("i", "");
  bar.style.width = `${Math.round(share * 100)}%`;
  return el("span", "rm-track", bar);
}

/**
 * @param {HTMLElement} node
 * @param {Group} group
 * @param {MapDocument} doc
 */
export function drawGroup(node, group, doc) {
  node.setAttribute("aria-label", group.name);
  setBox(node, group);
  const counts = el("span", "rm-counts");
  const bar = el("span", "rm-stances");
  const total = Object.values(group.stances).reduce((sum, n) => sum + n, 0);
  for (const { kind, key, symbol, label } of doc.legend) {
    const count = kind === "stance" ? group.stances[key] : 0;
    if (!count) continue;
    const stance = stanceClass(key === "unknown" ? null : Number(key));
    const entry = el("span", stance, el("i", "", symbol), String(count));
    entry.title = label;
    counts.append(entry);
    const piece = el("i", stance);
    piece.style.width = `${(count / total) * 100}%`;
    bar.append(piece);
  }
  const under = group.name_alt ? `${group.name_alt} · ${group.count}` : String(group.count);
  const name = el("b", "", group.name);
  patchChildren(node, [el("header", "", name, el("small", "", under), counts, bar)]);
}
