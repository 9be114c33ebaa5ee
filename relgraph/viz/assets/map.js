// The map in the browser: draws a map document and lets a reader walk through it.

import { cardElement, groupElement } from "./cards.js";
import { button, el, fill, stanceClass } from "./dom.js";
import { labelElement, lineElement, linesLayer } from "./lines.js";
import { listView } from "./list.js";
import { panelContent } from "./panel.js";
import { View } from "./view.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LENSES = ["support", "influence", "freshness"];
const KEYS = [
  ["← → ↑ ↓", "keys_move"],
  ["Enter · Esc", "keys_open"],
  ["+ − 0", "keys_zoom"],
  ["/", "keys_find"],
  ["Shift ←", "keys_drag"],
];

export function mountMap(root, doc, options = {}) {
  return new RelationshipMap(root, doc, options);
}

class RelationshipMap {
  constructor(root, doc, options) {
    Object.assign(this, { root, doc, options, selected: null });
    this.cards = new Map(doc.cards.map((card) => [card.id, card]));
    this.nodes = new Map();
    this.drawn = new Map();
    root.replaceChildren();
    root.classList.add("relmap");
    root.dataset.lens = "support";
    this.#draw();
    this.#controls();
    this.view = new View(this.viewport, this.stage, doc.width, doc.height);
    this.#keys();
    this.view.fit();
    new ResizeObserver(() => this.#resized()).observe(this.viewport);
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (this.cards.has(wanted)) this.select(wanted, true);
    else this.#focusable(doc.cards[0]?.id);
  }

  // drawing ---------------------------------------------------------------------------------

  #draw() {
    const { doc } = this;
    this.stage = el("div", "rm-stage");
    this.stage.style.width = `${doc.width}px`;
    this.stage.style.height = `${doc.height}px`;
    for (const group of doc.groups) this.stage.append(groupElement(group, doc));
    this.lines = linesLayer(doc);
    this.labels = linesLayer(doc);
    this.labels.classList.add("rm-labels");
    for (const line of doc.lines) {
      if (line.shown === "always") this.#drawLine(line);
    }
    this.stage.append(this.lines);
    for (const card of doc.cards) {
      const node = cardElement(card, doc);
      this.nodes.set(card.id, node);
      this.stage.append(node);
    }
    this.stage.append(this.labels);
    this.viewport = el("div", "rm-viewport", this.stage);
    this.viewport.setAttribute("role", "group");
    this.viewport.setAttribute(
      "aria-label",
      fill(doc.words.map_of, { name: doc.customer.name }),
    );
    this.viewport.addEventListener("click", (event) => {
      const node = event.target.closest("[data-card-id]");
      this.select(node ? node.dataset.cardId : null);
    });
    this.panel = el("aside", "rm-panel");
    this.panel.hidden = true;
    this.root.append(this.viewport, this.panel);
    if (!doc.cards.some((card) => card.kind !== "member")) {
      this.root.append(el("p", "rm-empty", doc.words.empty));
    }
  }

  #drawLine(line) {
    const parts = [lineElement(line)];
    this.lines.append(parts[0]);
    if (line.label) {
      parts.push(labelElement(line));
      this.labels.append(parts[1]);
    }
    this.drawn.set(line.id, parts);
  }

  #controls() {
    const { doc } = this;
    const words = doc.words;
    this.root.append(this.#search());
    const zoom = el(
      "div",
      "rm-zoom",
      button("", words.zoom_out, "−", () => this.view.zoom(0.8)),
      button("", words.fit, "⤢", () => this.view.fit(true)),
      button("", words.zoom_in, "+", () => this.view.zoom(1.25)),
      button("", words.help, "?", () => this.#help()),
    );
    this.root.append(this.#legend(), zoom, this.#listSwitch());
  }

  #legend() {
    const label = this.doc.words.legend;
    const node = el("div", "rm-legend");
    const fold = button("rm-fold", label, label, () => show(!open));
    let open = innerWidth > 900;
    const show = (wanted) => {
      open = wanted;
      node.classList.toggle("rm-open", open);
      fold.setAttribute("aria-expanded", String(open));
    };
    node.append(fold, this.#lens(), this.#legendEntries());
    show(open);
    return node;
  }

  #lens() {
    const node = el("div", "rm-lens");
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", this.doc.words.lens);
    const choose = (lens) => {
      this.root.dataset.lens = lens;
      for (const one of node.children) {
        one.setAttribute("aria-pressed", String(one.dataset.lens === lens));
      }
    };
    for (const lens of LENSES) {
      const label = this.doc.words[`lens_${lens}`];
      const one = button("", label, label, () => choose(lens));
      one.dataset.lens = lens;
      node.append(one);
    }
    choose("support");
    return node;
  }

  #legendEntries() {
    const list = el("ul", "");
    for (const entry of this.doc.legend) {
      const stance = entry.key === "unknown" ? null : Number(entry.key);
      const mark =
        entry.kind === "stance"
          ? el("i", `rm-symbol ${stanceClass(stance)}`, entry.symbol)
          : el("i", `rm-sample rm-${entry.key}`);
      const item = el("li", "", mark, entry.label);
      if (entry.kind === "line" && entry.key === "influence") item.append(this.#hiddenNote());
      list.append(item);
    }
    return list;
  }

  // Of many influences only the weightiest are drawn at once; the legend says so.
  #hiddenNote() {
    const all = this.doc.lines.filter((line) => line.kind === "influence");
    const shown = all.filter((line) => line.shown === "always").length;
    if (shown === all.length) return "";
    const note = el("small", "rm-note", `${shown}/${all.length}`);
    note.title = fill(this.doc.words.influences_shown, { shown, all: all.length });
    note.setAttribute("aria-label", note.title);
    return note;
  }

  #search() {
    const words = this.doc.words;
    const input = el("input", "");
    input.type = "search";
    input.placeholder = words.search;
    input.setAttribute("aria-label", words.search);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    const hits = el("ul", "rm-hits");
    hits.setAttribute("role", "listbox");
    let at = 0;
    const close = () => {
      hits.replaceChildren();
      input.setAttribute("aria-expanded", "false");
    };
    const mark = () => {
      [...hits.children].forEach((hit, i) => hit.setAttribute("aria-selected", String(i === at)));
    };
    const go = (card) => {
      input.value = "";
      close();
      this.select(card.id, true);
    };
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      close();
      if (!wanted) return;
      const found = this.doc.cards.filter((card) =>
        `${card.name} ${card.name_alt} ${card.title}`.toLowerCase().includes(wanted),
      );
      for (const card of found.slice(0, 8)) {
        const hit = el("li", "", el("b", "", card.name), " ", el("small", "", card.title));
        hit.setAttribute("role", "option");
        hit.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          go(card);
        });
        hit.cardOfHit = card;
        hits.append(hit);
      }
      if (!found.length) hits.append(el("li", "rm-note", words.no_hits));
      input.setAttribute("aria-expanded", "true");
      at = 0;
      mark();
    });
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      const count = hits.children.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        at = (at + (event.key === "ArrowDown" ? 1 : count - 1)) % Math.max(1, count);
        mark();
      } else if (event.key === "Enter" && hits.children[at]?.cardOfHit) {
        go(hits.children[at].cardOfHit);
      } else if (event.key === "Escape") {
        input.value = "";
        close();
        input.blur();
      }
    });
    input.addEventListener("blur", close);
    this.searchInput = input;
    return el("div", "rm-search", input, hits);
  }

  #listSwitch() {
    const words = this.doc.words;
    const list = listView(this);
    this.root.append(list);
    const node = el("div", "rm-switch");
    const choose = (mode) => {
      this.root.dataset.mode = mode;
      for (const one of node.children) {
        one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
      }
      const first = this.doc.cards[0];
      if (mode === "map" && first) this.view?.begin(first);
    };
    for (const mode of ["list", "map"]) {
      const one = button("", words[mode], words[mode], () => choose(mode));
      one.dataset.mode = mode;
      node.append(one);
    }
    choose("list");
    return node;
  }

  #help() {
    if (this.helpBox) {
      this.helpBox.remove();
      this.helpBox = null;
      return;
    }
    const list = el("dl", "");
    for (const [keys, word] of KEYS) {
      list.append(el("dt", "", keys), el("dd", "", this.doc.words[word]));
    }
    this.helpBox = el("div", "rm-help", el("h2", "", this.doc.words.help), list);
    this.helpBox.setAttribute("role", "note");
    this.root.append(this.helpBox);
  }

  // walking ---------------------------------------------------------------------------------

  select(id, fly = false) {
    const card = id === null ? null : this.cards.get(id);
    if (id !== null && !card) return;
    const before = this.selected;
    this.selected = id;
    this.#light(card ? [card.id] : [], Boolean(card));
    this.panel.hidden = !card;
    this.panel.replaceChildren(...(card ? [panelContent(card, this)] : []));
    const phone = this.root.clientWidth <= 640;
    this.view.covered = card && !phone ? this.panel.offsetWidth : 0;
    if (this.view.fitted && !fly) this.view.fit(true);
    if (!card) {
      if (before) this.nodes.get(before)?.focus({ preventScroll: true });
      return;
    }
    this.panel.setAttribute("aria-label", card.name);
    this.#focusable(id);
    this.nodes.get(id).focus({ preventScroll: true });
    if (fly) this.view.flyTo(card);
    else if (!this.view.fitted) this.view.reveal(card);
  }

  // Light some people up, with the lines at them if `withLines`, and step the others back.
  #light(ids, withLines) {
    const near = new Set(ids);
    for (const line of this.doc.lines) {
      const touches = withLines && (ids.includes(line.from_id) || ids.includes(line.to_id));
      if (touches && !this.drawn.has(line.id)) this.#drawLine(line);
      const parts = this.drawn.get(line.id);
      if (!parts) continue;
      if (line.shown === "selected" && !touches) {
        for (const part of parts) part.remove();
        this.drawn.delete(line.id);
        continue;
      }
      for (const part of parts) part.classList.toggle("rm-near", touches);
      if (touches) near.add(line.from_id).add(line.to_id);
    }
    for (const [id, node] of this.nodes) {
      node.classList.toggle("rm-near", near.has(id));
      node.classList.toggle("rm-selected", id === this.selected);
    }
    this.root.classList.toggle("rm-focus", ids.length > 0);
  }

  // For links outside the map, such as those of the answer strip.
  highlight(ids) {
    this.#light(ids.filter((id) => this.cards.has(id)), false);
  }

  clearHighlight() {
    this.#light(this.selected ? [this.selected] : [], Boolean(this.selected));
  }

  #focusable(id) {
    if (this.tabStop) this.nodes.get(this.tabStop).tabIndex = -1;
    if (id === undefined) return;
    this.tabStop = id;
    this.nodes.get(id).tabIndex = 0;
  }

  // The nearest card in a direction, sideways distance counting double.
  #neighbour(card, [dx, dy]) {
    let best = null;
    let least = Infinity;
    for (const other of this.doc.cards) {
      const x = other.x + other.w / 2 - card.x - card.w / 2;
      const y = other.y + other.h / 2 - card.y - card.h / 2;
      const ahead = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (other === card || ahead <= 4) continue;
      if (ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = other;
      }
    }
    return best;
  }

  #keys() {
    this.root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const node = event.target.closest?.("[data-card-id]");
      const arrow = ARROWS[event.key];
      if (arrow && (event.shiftKey || (!node && event.target === this.viewport))) {
        this.view.pan(-arrow[0] * 80, -arrow[1] * 80);
      } else if (arrow && node) {
        const next = this.#neighbour(this.cards.get(node.dataset.cardId), arrow);
        if (!next) return;
        if (this.selected) {
          this.select(next.id);
        } else {
          this.#focusable(next.id);
          this.nodes.get(next.id).focus({ preventScroll: true });
          this.view.reveal(next);
        }
      } else if ((event.key === "Enter" || event.key === " ") && node) {
        this.select(node.dataset.cardId);
      } else if (event.key === "Escape") {
        if (this.helpBox) this.#help();
        else this.select(null);
      } else if (event.key === "+" || event.key === "=") this.view.zoom(1.25);
      else if (event.key === "-") this.view.zoom(0.8);
      else if (event.key === "0" || event.key === "f") this.view.fit(true);
      else if (event.key === "?") this.#help();
      else if (event.key === "/") this.searchInput.focus();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  #resized() {
    if (this.view.fitted) this.view.fit();
  }
}

// Parts of the answer strip carry `data-ids`; they light up their cards and go to the first.
export function bindAnswer(strip, map) {
  for (const link of strip.querySelectorAll("[data-ids]")) {
    const ids = JSON.parse(link.dataset.ids);
    for (const name of ["pointerenter", "focus"]) {
      link.addEventListener(name, () => map.highlight(ids));
    }
    for (const name of ["pointerleave", "blur"]) {
      link.addEventListener(name, () => map.clearHighlight());
    }
    link.addEventListener("click", (event) => {
      event.preventDefault();
      map.select(ids[0], true);
    });
  }
}
