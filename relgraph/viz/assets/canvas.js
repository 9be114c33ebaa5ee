// @ts-check
// The picture: departments, lines, cards and labels, each drawn by its key, and who is lit up.

import { createCard, drawCard, drawGroup } from "./cards.js";
import { el, fill, setAttribute, svgEl } from "./dom.js";
import { Keyed } from "./keyed.js";
import { arrowHeads, drawLabel, drawLine, linesLayer } from "./lines.js";
/** @import { Card, DrawnLine, Group, LineLabel } from "./document.d.ts" */
/** @import { Store } from "./store.js" */
/** @typedef {LineLabel & { id: string, line: DrawnLine }} PlacedLabel */

export class Canvas {
  stage = el("div", "rm-stage");
  viewport = el("div", "rm-viewport", this.stage);
  #store;
  #context = "";
  /** @type {string | null} The card that the Tab key reaches. */
  #tabStop = null;
  #heads = svgEl("defs", {});
  /** @type {Keyed<Group>} */
  #groups;
  /** @type {Keyed<DrawnLine, SVGGElement>} */
  #lines;
  /** @type {Keyed<Card>} */
  #cards;
  /** @type {Keyed<PlacedLabel, SVGGElement>} */
  #labels;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    const groups = el("div", "");
    const lines = linesLayer();
    const cards = el("div", "");
    const pills = linesLayer();
    pills.classList.add("rm-labels");
    const paths = svgEl("g", {});
    lines.append(this.#heads, paths);
    this.stage.append(groups, lines, cards, pills);
    this.#groups = new Keyed(
      groups,
      () => el("section", "rm-group"),
      (node, group) => drawGroup(node, group, store.doc),
    );
    this.#lines = new Keyed(
      paths,
      () => svgEl("g", {}),
      (node, line) => drawLine(node, line, store.styleOf(line)),
    );
    this.#cards = new Keyed(cards, createCard, (node, card) => drawCard(node, card, store.doc));
    this.#labels = new Keyed(
      pills,
      () => svgEl("g", {}),
      (node, label) => drawLabel(node, label, store.styleOf(label.line)),
    );
    this.viewport.setAttribute("role", "group");
    this.viewport.addEventListener("click", (event) => store.select(cardIdAt(event.target)));
    this.update();
    store.subscribe(["document"], () => this.update());
    store.subscribe(["selection", "highlight", "lines"], () => this.#light());
  }

  /** Draws the document; of what is drawn already only what differs. */
  update() {
    const { doc, styles } = this.#store;
    const context = JSON.stringify([doc.lang, doc.words, doc.legend]);
    const redraw = context !== this.#context;
    this.#context = context;
    Object.assign(this.stage.style, { width: `${doc.width}px`, height: `${doc.height}px` });
    const label = fill(doc.words.map_of, { name: doc.customer.name });
    setAttribute(this.viewport, "aria-label", label);
    if (redraw) this.#heads.replaceChildren(...arrowHeads(styles.values()).children);
    const hadFocus = this.stage.contains(document.activeElement);
    this.#groups.update(doc.groups, redraw);
    this.#cards.update(doc.cards, redraw);
    const drawn = this.#drawnLines();
    this.#lines.update(drawn, redraw);
    this.#labels.update(labels(drawn), redraw);
    this.#light();
    this.setTabStop(this.#tabStop);
    const lostFocus = hadFocus && !this.stage.contains(document.activeElement);
    if (lostFocus && this.#tabStop !== null) this.focusCard(this.#tabStop);
  }

  /** @param {string} id */
  cardNode(id) {
    return this.#cards.node(id);
  }

  /** @param {string} id */
  focusCard(id) {
    this.setTabStop(id);
    this.#cards.node(id)?.focus({ preventScroll: true });
  }

  /**
   * Lets the Tab key reach one card, the first where that one is not there.
   *
   * @param {string | null} id
   */
  setTabStop(id) {
    const { cards, doc } = this.#store;
    const wanted = id !== null && cards.has(id) ? id : (doc.cards[0]?.id ?? null);
    for (const [other, node] of this.#cards.nodes()) {
      const index = other === wanted ? 0 : -1;
      if (node.tabIndex !== index) node.tabIndex = index;
    }
    this.#tabStop = wanted;
  }

  /** Who is in the middle of attention: the selected one, while nobody is highlighted. */
  get #centre() {
    const { highlighted, selected } = this.#store;
    return highlighted.length ? null : selected;
  }

  /** The lines that are always drawn, and over them those at the centre. */
  #drawnLines() {
    const { lines } = this.#store.doc;
    const centre = this.#centre;
    const near = centre === null ? [] : this.#store.linesAt(centre);
    const atCentre = near.filter((line) => line.shown === "selected");
    return [...lines.filter((line) => line.shown === "always"), ...atCentre];
  }

  /** Lights people up, with the lines at the centre, and steps the others back. */
  #light() {
    const { highlighted, selected } = this.#store;
    const centre = this.#centre;
    const near = new Set(centre === null ? highlighted : [centre]);
    const drawn = this.#drawnLines();
    this.#lines.arrange(drawn);
    this.#labels.arrange(labels(drawn));
    for (const line of drawn) {
      const lit = touches(line, centre);
      this.#lines.node(line.id)?.classList.toggle("rm-near", lit);
      this.#labels.node(line.id)?.classList.toggle("rm-near", lit);
      if (lit) near.add(line.from_id).add(line.to_id);
    }
    for (const [id, node] of this.#cards.nodes()) {
      node.classList.toggle("rm-near", near.has(id));
      node.classList.toggle("rm-selected", id === selected);
    }
    this.viewport.classList.toggle("rm-focus", near.size > 0);
  }
}

/**
 * @param {DrawnLine} line
 * @param {string | null} id
 */
function touches(line, id) {
  return line.from_id === id || line.to_id === id;
}

/**
 * @param {DrawnLine[]} lines
 * @returns {PlacedLabel[]}
 */
function labels(lines) {
  return lines.flatMap((line) => (line.label ? [{ ...line.label, id: line.id, line }] : []));
}

/**
 * The card that an event happened on.
 *
 * @param {EventTarget | null} target
 */
export function cardIdAt(target) {
  const node = target instanceof Element ? target.closest("[data-card-id]") : null;
  return node instanceof HTMLElement ? (node.dataset.cardId ?? null) : null;
}
