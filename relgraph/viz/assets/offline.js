// Starts the map of an offline file from the document inside it.

import { button } from "./dom.js";
import { bindAnswer, mountMap } from "./map.js";

const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = dark ? "dark" : "light";

function changeTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}

// Cards and lines stand in the file as columns and rows, to keep it small.
function restored(doc) {
  for (const part of ["cards", "lines"]) {
    const { same, columns, rows } = doc[part];
    doc[part] = rows.map((row) => {
      const values = Object.fromEntries(columns.map((name, i) => [name, row[i]]));
      return { ...structuredClone(same), ...values };
    });
  }
  doc.lines.forEach((line, i) => {
    line.id = String(i);
  });
  return doc;
}

const text = document.getElementById("document").textContent;
const doc = restored(JSON.parse(text));
const map = mountMap(document.getElementById("map"), doc);
document.querySelector("header").append(button("theme", doc.words.theme, "◐", changeTheme));
bindAnswer(document.querySelector(".answer"), map);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target === document.body) {
    event.preventDefault();
    map.searchInput.focus();
  }
});
