// Starts the map of an offline file from the document inside it.

import { bindAnswer, mountMap } from "./map.js";

const dark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = dark ? "dark" : "light";

function changeTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}

// Members that are null were left out of the file to keep it small.
function restored(doc) {
  for (const [part, names] of Object.entries(doc.nulls)) {
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    doc[part] = doc[part].map((item) => ({ ...nulls, ...item }));
  }
  return doc;
}

const text = document.getElementById("document").textContent;
const map = mountMap(document.getElementById("map"), restored(JSON.parse(text)), {
  themeButton: changeTheme,
});
bindAnswer(document.querySelector(".answer"), map);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target === document.body) {
    event.preventDefault();
    map.searchInput.focus();
  }
});
