// @ts-check
// The field that finds a person on the map by name or title.

import { el } from "./dom.js";
/** @import { Card } from "./document.d.ts" */
/** @import { Store } from "./store.js" */

const MOST_HITS = 8;

export class Search {
  input = el("input", "");
  #list = el("ul", "rm-hits");
  node = el("div", "rm-search", this.input, this.#list);
  #store;
  /** @type {Card[]} */
  #hits = [];
  #marked = 0;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
    const label = store.doc.words.search;
    this.input.type = "search";
    this.input.placeholder = label;
    this.input.setAttribute("aria-label", label);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-expanded", "false");
    this.#list.setAttribute("role", "listbox");
    this.input.addEventListener("input", () => this.#find());
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("blur", () => this.#close());
  }

  #find() {
    const wanted = this.input.value.trim().toLowerCase();
    this.#close();
    if (!wanted) return;
    const { doc } = this.#store;
    this.#hits = doc.cards
      .filter((card) =>
        `${card.name} ${card.name_alt} ${card.title}`.toLowerCase().includes(wanted)
      )
      .slice(0, MOST_HITS);
    this.#list.append(...this.#hits.map((card) => this.#option(card)));
    if (!this.#hits.length) this.#list.append(el("li", "rm-note", doc.words.no_hits));
    this.input.setAttribute("aria-expanded", "true");
    this.#mark(0);
  }

  /** @param {Card} card */
  #option(card) {
    const option = el("li", "", el("b", "", card.name), " ", el("small", "", card.title));
    option.setAttribute("role", "option");
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.#choose(card);
    });
    return option;
  }

  /** @param {number} index */
  #mark(index) {
    this.#marked = index;
    [...this.#list.children].forEach((option, i) => {
      option.setAttribute("aria-selected", String(i === index));
    });
  }

  /** @param {Card} card */
  #choose(card) {
    this.#clear();
    this.#store.select(card.id, true);
  }

  #clear() {
    this.input.value = "";
    this.#close();
  }

  #close() {
    this.#hits = [];
    this.#list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    event.stopPropagation();
    const count = Math.max(1, this.#hits.length);
    const hit = this.#hits[this.#marked];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#mark((this.#marked + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter" && hit) {
      this.#choose(hit);
    } else if (event.key === "Escape") {
      this.#clear();
      this.input.blur();
    }
  }
}
