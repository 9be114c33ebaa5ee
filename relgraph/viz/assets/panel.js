// @ts-check
// The panel at the right: everything that the document knows of the selected person.

import { dots, symbolOf, track } from "./cards.js";
import {
  button,
  el,
  fill,
  patchChildren,
  round2,
  safeLink,
  setAttribute,
  setHidden,
  stanceClass,
} from "./dom.js";
import { setLineColor } from "./lines.js";
/** @import { Card, DrawnLine, DrawnStyle, LineList, MapDocument, Words } from "./document.d.ts" */
/** @import { Store } from "./store.js" */
/** @typedef {(id: string) => string} PersonUrl Address of a person's own page. */

/**
 * @param {Store} store
 * @param {PersonUrl} [personUrl]
 */
export function panel(store, personUrl) {
  const body = el("div", "rm-panel-body");
  const node = el("aside", "rm-panel", body);
  const draw = () => {
    const card = store.selected === null ? undefined : store.cards.get(store.selected);
    setHidden(node, !card);
    patchChildren(body, card ? sections(card, store, personUrl) : []);
    if (card) setAttribute(node, "aria-label", card.name);
  };
  draw();
  store.subscribe(["selection", "document", "lines"], draw);
  store.subscribe(["selection"], () => {
    node.scrollTop = 0;
  });
  return node;
}

/**
 * @param {Card} card
 * @param {Store} store
 * @param {PersonUrl} [personUrl]
 */
function sections(card, store, personUrl) {
  const { doc } = store;
  const parts = [
    head(card, store),
    card.kind === "seat" ? el("p", "rm-note", doc.words.seat) : null,
    chips(card, doc),
    contact(card, doc.words),
  ];
  if (card.kind === "person") parts.push(stance(card, doc), figures(card, doc.words));
  parts.push(...lineLists(card, store), leftOut(card, store));
  if (card.kind !== "member") parts.push(findings(card, doc));
  if (card.kind !== "member" && personUrl) {
    const link = el("a", "rm-button", doc.words.whole_page);
    link.href = personUrl(card.id);
    parts.push(link);
  }
  return parts.filter((part) => part !== null);
}

/**
 * @param {Card} card
 * @param {Store} store
 */
function head(card, store) {
  const { doc } = store;
  const names = el("h2", "", card.name);
  if (card.name_alt) names.append(" ", el("small", "", card.name_alt));
  const department = doc.groups.find((group) => group.id === card.department_id);
  const under = [card.title, department?.name].filter(Boolean).join(" · ");
  return el(
    "header",
    `rm-panel-head ${stanceClass(card.stance)}`,
    el("span", "rm-badge", card.initials),
    el("div", "", names, el("p", "", under)),
    button("rm-close", doc.words.close, "✕", () => store.select(null)),
  );
}

/**
 * @param {string} title
 * @param {...(Node | null)} children
 */
function section(title, ...children) {
  return el("section", "", el("h3", "", title), ...children);
}

/**
 * @param {Card} card
 * @param {MapDocument} doc
 */
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

/**
 * @param {Card} card
 * @param {Words} words
 */
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
    if (phone instanceof HTMLAnchorElement) phone.href = `tel:${digits}`;
    node.append(phone);
  }
  if (card.url) node.append(safeLink(card.url, words.other_system) ?? "");
  return node;
}

/**
 * @param {Card} card
 * @param {MapDocument} doc
 */
function stance(card, doc) {
  const { words } = doc;
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
  const source = [card.assessed_by, card.assessed_at].filter(Boolean).join(", ");
  return section(
    doc.deal ? words.stance : words.stance_all,
    current,
    card.evidence ? el("blockquote", "", card.evidence) : null,
    source ? el("p", "rm-source", source) : null,
  );
}

/**
 * @param {Card} card
 * @param {Words} words
 */
function figures(card, words) {
  const node = el("dl", "rm-figures");
  /**
   * @param {string} title
   * @param {string} value
   */
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

/**
 * The lists of the lines at a person, by their styles: judgements before the hierarchy, whose
 * lines have no arrows.
 *
 * @param {Card} card
 * @param {Store} store
 */
function lineLists(card, store) {
  const styles = [...store.styles.values()];
  const lines = store.linesAt(card.id);
  return [...styles.filter((style) => style.arrow), ...styles.filter((style) => !style.arrow)]
    .flatMap((style) => style.lists.map((list) => lineList(card, style, list, lines, store)));
}

/**
 * @param {Card} card
 * @param {DrawnStyle} style
 * @param {LineList} list
 * @param {DrawnLine[]} lines
 * @param {Store} store
 */
function lineList(card, style, { ends, heading }, lines, store) {
  const rows = lines
    .filter((line) => line.kind === style.kind)
    .filter((line) => ends !== "incoming" || line.to_id === card.id)
    .filter((line) => ends !== "outgoing" || line.from_id === card.id)
    .sort((a, b) => (b.strength ?? 0) - (a.strength ?? 0))
    .flatMap((line) => {
      const other = store.cards.get(line.to_id === card.id ? line.from_id : line.to_id);
      return other ? [lineRow(line, other, store)] : [];
    });
  if (rows.length) return section(heading, el("ul", "rm-people", ...rows));
  const some = card.left_out.knows && store.moreAt(card.id) !== "read";
  const nobody = style.kind === "knows" && ends === "incoming" && card.kind === "person" && !some;
  return nobody ? section(heading, el("p", "rm-note", store.doc.words.nobody_knows)) : null;
}

/**
 * What the lists do not have of a large customer, and why.
 *
 * @param {Card} card
 * @param {Store} store
 */
function leftOut(card, store) {
  const { words } = store.doc;
  const more = store.moreAt(card.id);
  if (more === "none" || more === "read") return null;
  const text = {
    waiting: words.more_waiting,
    failed: words.more_failed,
    absent: words.more_absent,
  };
  const node = el("p", "rm-note rm-more", fill(text[more], { n: store.leftOutAt(card.id) }));
  node.setAttribute("role", "status");
  if (more === "failed") {
    const again = () => store.fetchMore(card.id);
    node.append(" ", button("rm-button", words.again, words.again, again));
  }
  return node;
}

/**
 * @param {DrawnLine} line
 * @param {Card} other Who is at its other end.
 * @param {Store} store
 */
function lineRow(line, other, store) {
  const name = button("rm-go", other.name, "", () => store.select(other.id, true));
  if (other.kind === "person") {
    name.append(el("i", stanceClass(other.stance), symbolOf(store.doc, other.stance)));
  }
  name.append(el("span", "", other.name));
  // Two people may share name and looks.
  name.dataset.personId = other.id;
  const evidence = line.evidence ? el("q", "", line.evidence) : null;
  return el("li", "", name, detail(line, store), evidence);
}

/**
 * @param {DrawnLine} line
 * @param {Store} store
 */
function detail(line, store) {
  const { words } = store.doc;
  const style = store.styleOf(line);
  const node = el("span", "rm-detail");
  if (!style.arrow) {
    if (line.dashed) node.append(el("small", "", words.matrix));
    return node;
  }
  setLineColor(node, style);
  if (line.word) node.append(el("small", "", line.word));
  if (line.closeness !== null) {
    node.append(dots(line.closeness, fill(words.closeness, { n: line.closeness })));
  } else if (line.strength !== null) {
    node.append(track(line.strength), el("b", "", round2(line.strength)));
  }
  if (line.assessed_at) node.append(el("small", "", line.assessed_at.slice(0, 10)));
  return node;
}

/**
 * @param {Card} card
 * @param {MapDocument} doc
 */
function findings(card, doc) {
  const own = doc.findings.filter((finding) => finding.ids.includes(card.id));
  if (!own.length) return null;
  const items = own.map((finding) => el("li", "", finding.text));
  return section(doc.words.findings, el("ul", "rm-findings", ...items));
}
