// The panel at the right: everything that the document knows of one person.

import { dots, symbolOf } from "./cards.js";
import { button, el, fill, round2, safeLink, stanceClass } from "./dom.js";

export function panelContent(card, map) {
  const { doc, options } = map;
  const words = doc.words;
  const node = el("div", "rm-panel-body");
  const close = button("rm-close", words.close, "✕", () => map.select(null));
  const names = el("h2", "", card.name);
  if (card.name_alt) names.append(" ", el("small", "", card.name_alt));
  const department = doc.groups.find((group) => group.id === card.department_id);
  const under = [card.title, department ? department.name : ""].filter(Boolean).join(" · ");
  node.append(
    el(
      "header",
      `rm-panel-head ${stanceClass(card.stance)}`,
      el("span", "rm-badge", card.initials),
      el("div", "", names, el("p", "", under)),
      close,
    ),
  );
  if (card.kind === "seat") node.append(el("p", "rm-note", words.seat));
  node.append(chips(card, doc), contact(card, words));
  if (card.kind === "person") node.append(stance(card, doc), figures(card, doc));
  const lines = doc.lines.filter((line) => line.from_id === card.id || line.to_id === card.id);
  const to = (kind) => lines.filter((line) => line.kind === kind && line.to_id === card.id);
  const from = (kind) => lines.filter((line) => line.kind === kind && line.from_id === card.id);
  if (card.kind === "member") {
    node.append(people(map, words.knows, from("knows"), "to_id"));
  } else {
    node.append(
      people(map, words.influenced_by, to("influence"), "from_id"),
      people(map, words.influences, from("influence"), "to_id"),
      people(map, words.conflicts, to("conflict"), "from_id", from("conflict")),
      people(map, words.known_by, to("knows"), "from_id"),
    );
    if (!to("knows").length && card.kind === "person") {
      node.append(section(words.known_by, el("p", "rm-note", words.nobody_knows)));
    }
    node.append(
      people(map, words.ties, to("relation"), "from_id", from("relation")),
      people(map, words.reports_to, from("reports_to"), "to_id"),
      people(map, words.reports, to("reports_to"), "from_id"),
      findings(card, doc),
    );
    if (options.personUrl) {
      const link = el("a", "rm-button", words.whole_page);
      link.href = options.personUrl(card.id);
      node.append(link);
    }
  }
  return node;
}

function section(title, ...children) {
  const node = el("section", "", el("h3", "", title));
  node.append(...children);
  return node;
}

function chips(card, doc) {
  const node = el("p", "rm-chips");
  for (const role of card.roles) {
    const dark = role.can_veto || ["decision_maker", "veto"].includes(role.role);
    node.append(el("span", `rm-chip ${dark ? "dark" : "soft"}`, role.label));
    if (role.approval_limit === "unlimited") {
      node.append(el("span", "rm-chip soft", doc.words.unlimited));
    } else if (role.approval_limit !== null) {
      const amount = Number(role.approval_limit).toLocaleString(doc.lang);
      node.append(el("span", "rm-chip soft", fill(doc.words.limit, { amount })));
    }
  }
  return node;
}

function contact(card, words) {
  const node = el("p", "rm-contact");
  if (card.email && /^[^\s@<>"]+@[^\s@<>"]+$/.test(card.email)) {
    const mail = el("a", "rm-link", card.email);
    mail.href = `mailto:${encodeURIComponent(card.email).replace("%40", "@")}`;
    node.append(mail);
  }
  if (card.phone) {
    const digits = card.phone.replace(/[^\d+]/g, "");
    const phone = el(digits ? "a" : "span", "rm-link", card.phone);
    if (digits) phone.href = `tel:${digits}`;
    node.append(phone);
  }
  if (card.url) node.append(safeLink(card.url, words.other_system) ?? "");
  return node;
}

function stance(card, doc) {
  const words = doc.words;
  const current = el(
    "p",
    `rm-stance ${stanceClass(card.stance)}`,
    el("b", "", `${symbolOf(doc, card.stance)} ${card.stance_label}`),
  );
  if (card.age_days !== null) {
    const text = card.stale ? words.reassess : words.days_old;
    current.append(el("span", card.stale ? "rm-age" : "", fill(text, { days: card.age_days })));
  } else if (card.stance !== null) {
    current.append(el("span", "", words.undated));
  }
  const node = section(doc.deal ? words.stance : words.stance_all, current);
  if (card.evidence) node.append(el("blockquote", "", card.evidence));
  const who = [card.assessed_by, card.assessed_at].filter(Boolean).join(", ");
  if (who) node.append(el("p", "rm-source", who));
  return node;
}

function figures(card, doc) {
  const words = doc.words;
  const node = el("dl", "rm-figures");
  const add = (title, value) => node.append(el("dt", "", title), el("dd", "", value));
  if (card.power) {
    const { value, low, high } = card.power;
    const range = fill(words.between, { low: round2(low), high: round2(high) });
    if (value === null) add(words.power, `${words.unknown}, ${range}`);
    else add(words.power, low === high ? round2(value) : `${round2(value)}, ${range}`);
  }
  add(words.interest, card.interest === null ? words.unknown : round2(card.interest));
  return node;
}

function people(map, title, lines, end, backwards = []) {
  const other = end === "to_id" ? "from_id" : "to_id";
  const rows = [...lines.map((line) => [line, end]), ...backwards.map((line) => [line, other])];
  if (!rows.length) return "";
  rows.sort((a, b) => (b[0].strength ?? 0) - (a[0].strength ?? 0));
  const list = el("ul", "rm-people");
  for (const [line, side] of rows) {
    const card = map.cards.get(line[side]);
    if (!card) continue;
    const name = button("rm-go", card.name, "", () => map.select(card.id, true));
    const symbol = el("i", stanceClass(card.stance), symbolOf(map.doc, card.stance));
    name.append(card.kind === "person" ? symbol : "", el("span", "", card.name));
    const item = el("li", "", name);
    item.append(detail(line, map.doc));
    if (line.evidence) item.append(el("q", "", line.evidence));
    list.append(item);
  }
  return section(title, list);
}

function detail(line, doc) {
  const node = el("span", `rm-detail rm-of-${line.kind}`);
  if (line.kind === "reports_to") {
    if (line.dashed) node.append(el("small", "", doc.words.matrix));
    return node;
  }
  if (line.word) node.append(el("small", "", line.word));
  if (line.closeness !== null) {
    node.append(dots(line.closeness, fill(doc.words.closeness, { n: line.closeness })));
  } else if (line.strength !== null) {
    const bar = el("i", "");
    bar.style.width = `${line.strength * 100}%`;
    node.append(el("span", "rm-track", bar), el("b", "", round2(line.strength)));
  }
  if (line.assessed_at) node.append(el("small", "", line.assessed_at.slice(0, 10)));
  return node;
}

function findings(card, doc) {
  const own = doc.findings.filter((finding) => finding.ids.includes(card.id));
  if (!own.length) return "";
  const list = el("ul", "rm-findings");
  for (const finding of own) list.append(el("li", "", finding.text));
  return section(doc.words.findings, list);
}
