// @ts-check
// The state of a map: its document and what its reader looks at. Whoever draws a part of it
// subscribes; nobody else keeps a copy.

/** @import { Card, DrawnLine, DrawnStyle, MapDocument } from "./document.d.ts" */
/** @typedef {"support" | "influence" | "freshness"} Lens */
/** @typedef {"list" | "map"} Mode What a small screen shows. */
/** @typedef {"seats" | "against" | "due" | "all"} Filter Whom the list names. */
/**
 * @typedef {{ topic: "document" | "highlight" | "lens" | "mode" | "filter" | "help" }
 *   | { topic: "selection", before: string | null, fly: boolean }} Change
 */

export class Store {
  /** @type {string | null} */
  selected = null;
  /** @type {string[]} People who are lit up for a moment, from outside the map. */
  highlighted = [];
  /** @type {Lens} */
  lens = "support";
  /** @type {Mode} */
  mode = "list";
  /** @type {Filter} */
  filter = "all";
  help = false;
  /** @type {Map<string, Card>} */
  cards = new Map();
  /** @type {Map<string, DrawnStyle>} How each kind of line is drawn. */
  styles = new Map();
  /** @type {{ topics: string[], listener: (change: Change) => void }[]} */
  #subscribers = [];

  /** @param {MapDocument} doc */
  constructor(doc) {
    this.doc = doc;
    this.#derive();
  }

  /**
   * Listeners are called in the order in which they subscribed.
   *
   * @param {Change["topic"][]} topics
   * @param {(change: Change) => void} listener
   */
  subscribe(topics, listener) {
    this.#subscribers.push({ topics, listener });
  }

  /**
   * Puts an updated document in place of the present one. Who is gone from it is not selected
   * any longer.
   *
   * @param {MapDocument} doc
   */
  setDocument(doc) {
    this.doc = doc;
    this.#derive();
    this.highlighted = this.highlighted.filter((id) => this.cards.has(id));
    if (this.selected !== null && !this.cards.has(this.selected)) this.selected = null;
    this.#tell({ topic: "document" });
  }

  /**
   * @param {string | null} id
   * @param {boolean} fly Whether the view travels there.
   */
  select(id, fly = false) {
    if (id !== null && !this.cards.has(id)) return;
    const before = this.selected;
    this.selected = id;
    this.#tell({ topic: "selection", before, fly });
  }

  /** @param {string[]} ids */
  highlight(ids) {
    this.highlighted = ids.filter((id) => this.cards.has(id));
    this.#tell({ topic: "highlight" });
  }

  /** @param {Lens} lens */
  setLens(lens) {
    this.lens = lens;
    this.#tell({ topic: "lens" });
  }

  /** @param {Mode} mode */
  setMode(mode) {
    this.mode = mode;
    this.#tell({ topic: "mode" });
  }

  /** @param {Filter} filter */
  setFilter(filter) {
    this.filter = filter;
    this.#tell({ topic: "filter" });
  }

  toggleHelp() {
    this.help = !this.help;
    this.#tell({ topic: "help" });
  }

  /**
   * Lines that begin or end at a person.
   *
   * @param {string} id
   */
  linesAt(id) {
    return this.doc.lines.filter((line) => line.from_id === id || line.to_id === id);
  }

  /** @param {DrawnLine} line */
  styleOf(line) {
    const style = this.styles.get(line.kind);
    if (!style) throw new Error(`the legend has no style for lines of kind ${line.kind}`);
    return style;
  }

  #derive() {
    this.cards = new Map(this.doc.cards.map((card) => [card.id, card]));
    this.styles = new Map();
    for (const { style } of this.doc.legend) {
      if (style && !this.styles.has(style.kind)) this.styles.set(style.kind, style);
    }
  }

  /** @param {Change} change */
  #tell(change) {
    for (const { topics, listener } of this.#subscribers) {
      if (topics.includes(change.topic)) listener(change);
    }
  }
}
