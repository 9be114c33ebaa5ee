// @ts-check
// The map in the browser: puts its parts together and lets a reader walk through it.

import { Canvas } from "./canvas.js";
import { button, el, press, setAttribute, setHidden } from "./dom.js";
import { bindKeys, keysHelp } from "./keys.js";
import { legend } from "./legend.js";
import { firstFilter, listView } from "./list.js";
import { panel } from "./panel.js";
import { Search } from "./search.js";
import { Store } from "./store.js";
import { View } from "./view.js";
/** @import { MapDocument } from "./document.d.ts" */
/** @import { PersonUrl } from "./panel.js" */
/** @import { Change, FetchLines, Mode } from "./store.js" */

const PHONE = 640;
/** @type {Mode[]} */
const MODES = ["list", "map"];

export class RelationshipMap {
  /**
   * @param {HTMLElement} root
   * @param {MapDocument} doc
   * @param {{ personUrl?: PersonUrl, fetchLines?: FetchLines }} [options]
   */
  constructor(root, doc, { personUrl, fetchLines } = {}) {
    this.root = root;
    this.store = new Store(doc, fetchLines);
    this.store.filter = firstFilter(this.store.doc.cards);
    this.canvas = new Canvas(this.store);
    this.panel = panel(this.store, personUrl);
    this.search = new Search(this.store);
    this.empty = el("p", "rm-empty", doc.words.empty);
    root.replaceChildren(
      this.canvas.viewport,
      this.panel,
      this.empty,
      this.search.node,
      legend(this.store),
      this.#zoomButtons(),
      listView(this.store),
      this.#modeSwitch(),
      keysHelp(this.store),
    );
    root.classList.add("relmap");
    this.#showState();
    this.view = new View(this.canvas.viewport, this.canvas.stage, doc.width, doc.height);
    bindKeys(root, this);
    // After the parts have drawn what changed: the view depends on how wide the panel is.
    this.store.subscribe(["selection"], (change) => this.#follow(change));
    this.store.subscribe(["document"], () => this.#keepView());
    this.store.subscribe(["document", "lens", "mode"], () => this.#showState());
    this.store.subscribe(["mode"], () => this.#begin());
    this.view.fit();
    new ResizeObserver(() => this.view.refit()).observe(this.canvas.viewport);
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (wanted) this.store.select(wanted, true);
  }

  /**
   * Draws an updated document of the same customer, only where it differs. Selection, focus,
   * zoom and place stay.
   *
   * @param {MapDocument} doc
   */
  update(doc) {
    this.store.setDocument(doc);
  }

  #zoomButtons() {
    const { words } = this.store.doc;
    return el(
      "div",
      "rm-zoom",
      button("", words.zoom_out, "−", () => this.view.zoom(0.8)),
      button("", words.fit, "⤢", () => this.view.fit(true)),
      button("", words.zoom_in, "+", () => this.view.zoom(1.25)),
      button("", words.help, "?", () => this.store.toggleHelp()),
    );
  }

  #modeSwitch() {
    const node = el("div", "rm-switch");
    for (const mode of MODES) {
      const label = this.store.doc.words[mode];
      const choice = button("", label, label, () => this.store.setMode(mode));
      choice.dataset.mode = mode;
      node.append(choice);
    }
    press(node, "mode", this.store.mode);
    this.store.subscribe(["mode"], () => press(node, "mode", this.store.mode));
    return node;
  }

  #showState() {
    const { doc, lens, mode } = this.store;
    setAttribute(this.root, "data-lens", lens);
    setAttribute(this.root, "data-mode", mode);
    setHidden(this.empty, doc.cards.some((card) => card.kind !== "member"));
  }

  #begin() {
    const first = this.store.doc.cards[0];
    if (this.store.mode === "map" && first) this.view.begin(first);
  }

  /** An updated document moves nothing: the next fit counts with its size. */
  #keepView() {
    const { width, height } = this.store.doc;
    this.view.setSize(width, height);
    if (this.store.selected === null) this.view.covered = 0;
  }

  /**
   * Brings the selected card into view, and the focus to it.
   *
   * @param {Change} change
   */
  #follow(change) {
    if (change.topic !== "selection") return;
    const { before, fly } = change;
    const { cards, selected } = this.store;
    const card = selected === null ? undefined : cards.get(selected);
    this.view.covered = card && this.root.clientWidth > PHONE ? this.panel.offsetWidth : 0;
    if (this.view.fitted && !fly) this.view.fit(true);
    if (!card) {
      if (before !== null) this.canvas.cardNode(before)?.focus({ preventScroll: true });
      return;
    }
    this.canvas.focusCard(card.id);
    if (fly) this.view.flyTo(card);
    else if (!this.view.fitted) this.view.reveal(card);
  }
}
