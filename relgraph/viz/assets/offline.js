// @ts-check
// Starts the map of an offline file from the document inside it.

import { bindAnswer } from "./answer.js";
import { button } from "./dom.js";
import { RelationshipMap } from "./map.js";
/** @import { MapDocument } from "./document.d.ts" */
/** @typedef {Record<string, string[]>} Texts */
/** @typedef {{ same: object, columns: string[], texts: Texts, rows: unknown[][] }} Table */
/** @typedef {Omit<MapDocument, "cards" | "lines"> & { cards: Table, lines: Table }} Embedded */

const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = dark ? "dark" : "light";

function changeTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}

/**
 * Cards and lines stand in the file as columns and rows, their texts once, to keep it small.
 *
 * @param {Table} table
 */
function restored({ same, columns, texts, rows }) {
  return rows.map((row, i) => {
    const cells = columns.map((name, column) => {
      const value = row[column];
      return [name, typeof value === "number" && texts[name] ? texts[name][value] : value];
    });
    return { id: String(i), ...structuredClone(same), ...Object.fromEntries(cells) };
  });
}

/** @param {string} selector */
function find(selector) {
  const node = document.querySelector(selector);
  if (!(node instanceof HTMLElement)) throw new Error(`the file has no ${selector}`);
  return node;
}

/** @type {Embedded} */
const embedded = JSON.parse(find("#document").textContent ?? "");
const doc = /** @type {MapDocument} */ ({
  ...embedded,
  cards: restored(embedded.cards),
  lines: restored(embedded.lines),
});
const map = new RelationshipMap(find("#map"), doc);
find("header").append(button("theme", doc.words.theme, "◐", changeTheme));
bindAnswer(find(".answer"), map.store);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target === document.body) {
    event.preventDefault();
    map.search.input.focus();
  }
});
