// @ts-check
// The state of a map: its document and what its reader looks at. Whoever draws a part of it
// subscribes; nobody else keeps a copy.

import { completed } from "./complete.js";
/** @import { Card, DrawnLine, DrawnStyle, MapDocument } from "./document.d.ts" */
/** @typedef {(id: string) => Promise<DrawnLine[]>} FetchLines Lines at a person that the document leaves out. */
/** @typedef {"none" | "waiting" | "read" | "failed" | "absent"} More How it is with these lines. */
/** @typedef {"support" | "influence" | "freshness"} Lens */
/** @typedef {"list" | "map"} Mode What a small screen shows. */
/** @typedef {"seats" | "against" | "due" | "all"} Filter Whom the list names. */
/**
 * @typedef {{ topic: "document" | "highlight" | "lens" | "mode" | "filter" | "help" | "lines" }
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
  /** @type {Map<string, { state: More, lines: DrawnLine[] }>} What was fetched of a person. */
  #more = new Map();
  #fetchLines;
  /** @type {{ topics: string[], listener: (change: Change) => void }[]} */
  #subscribers = [];

  /**
   * @param {MapDocument} doc
   * @param {FetchLines} [fetchLines] Where there is nobody to ask, what is left out stays out.
   */
  constructor(doc, fetchLines) {
    this.doc = completed(doc);
    this.#fetchLines = fetchLines;
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
    this.doc = completed(doc);
    this.#more.clear();
    this.#derive();
    this.highlighted = this.highlighted.filter((id) => this.cards.has(id));
    if (this.selected !== null && !this.cards.has(this.selected)) this.selected = null;
    this.#tell({ topic: "document" });
    this.fetchMore(this.selected);
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
    this.fetchMore(id);
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
   * Lines that begin or end at a person, as far as they are known.
   *
   * @param {string} id
   */
  linesAt(id) {
    const known = this.doc.lines.filter((line) => line.from_id === id || line.to_id === id);
    return [...known, ...(this.#more.get(id)?.lines ?? [])];
  }

  /**
   * How it is with the lines at a person that the document leaves out.
   *
   * @param {string} id
   * @returns {More}
   */
  moreAt(id) {
    if (!this.leftOutAt(id)) return "none";
    if (!this.#fetchLines) return "absent";
    return this.#more.get(id)?.state ?? "waiting";
  }

  /**
   * How many lines at a person the document leaves out.
   *
   * @param {string} id
   */
  leftOutAt(id) {
    return Object.values(this.cards.get(id)?.left_out ?? {}).reduce((sum, n) => sum + n, 0);
  }

  /**
   * Asks for the lines at a person that the document leaves out, unless they are there.
   *
   * @param {string | null} id
   */
  async fetchMore(id) {
    if (id === null || !this.#fetchLines || !this.leftOutAt(id)) return;
    const state = this.#more.get(id)?.state;
    if (state === "waiting" || state === "read") return;
    /** @type {{ state: More, lines: DrawnLine[] }} */
    const entry = { state: "waiting", lines: [] };
    this.#more.set(id, entry);
    if (state === "failed") this.#tell({ topic: "lines" });
    try {
      entry.lines = await this.#fetchLines(id);
      entry.state = "read";
    } catch {
      entry.state = "failed";
    }
    // An updated document has begun anew.
    if (this.#more.get(id) === entry) this.#tell({ topic: "lines" });
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
