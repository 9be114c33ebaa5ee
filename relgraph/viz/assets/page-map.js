// Starts the map of a page: fetches the document, shows a skeleton meanwhile, tries again when
// the database is away.

import { button, el } from "./dom.js";
import { bindAnswer, mountMap } from "./map.js";

const root = document.getElementById("map");
if (root) start();

function start() {
  root.classList.add("relmap");
  const skeleton = el("div", "rm-skeleton");
  skeleton.setAttribute("role", "status");
  skeleton.setAttribute("aria-label", root.dataset.loading);
  for (let i = 0; i < 8; i++) skeleton.append(el("i", ""));
  root.replaceChildren(skeleton);
  load();
}

async function load() {
  let answer;
  try {
    answer = await fetch(root.dataset.src, { headers: { Accept: "application/json" } });
  } catch {
    failed(root.dataset.failed);
    return;
  }
  if (answer.status === 503) {
    failed(root.dataset.busy);
    const seconds = Number(answer.headers.get("Retry-After")) || 2;
    setTimeout(load, seconds * 1000);
    return;
  }
  if (!answer.ok) {
    failed(root.dataset.failed);
    return;
  }
  const map = mountMap(root, await answer.json(), {
    personUrl: (id) => root.dataset.personUrl.replace("PERSON", encodeURIComponent(id)),
  });
  const strip = document.querySelector(".answer");
  if (strip) bindAnswer(strip, map);
}

function failed(message) {
  const node = el("div", "rm-failed", el("p", "", message));
  node.setAttribute("role", "alert");
  node.append(button("rm-button", root.dataset.retry, root.dataset.retry, start));
  root.replaceChildren(node);
}
