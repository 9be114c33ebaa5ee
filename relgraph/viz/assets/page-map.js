// @ts-check
// Starts the map of a page: fetches the document, shows a skeleton meanwhile, tries again when
// the database is away.

import { bindAnswer } from "./answer.js";
import { button, el } from "./dom.js";
import { RelationshipMap } from "./map.js";
/** @import { DrawnLine, MapDocument } from "./document.d.ts" */

const RETRY_SECONDS = 2;

/** @param {HTMLElement} root Carries the addresses and the words in its `data-` attributes. */
function start(root) {
  root.classList.add("relmap");
  const skeleton = el("div", "rm-skeleton");
  skeleton.setAttribute("role", "status");
  skeleton.setAttribute("aria-label", root.dataset.loading ?? "");
  for (let i = 0; i < 8; i++) skeleton.append(el("i", ""));
  root.replaceChildren(skeleton);
  load(root);
}

/** @param {HTMLElement} root */
async function load(root) {
  const { src = "", busy = "", failed = "", personUrl = "" } = root.dataset;
  const answer = await fetch(src, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.status === 503) {
    showFailure(root, busy);
    const seconds = Number(answer.headers.get("Retry-After")) || RETRY_SECONDS;
    setTimeout(() => load(root), seconds * 1000);
    return;
  }
  if (!answer?.ok) {
    showFailure(root, failed);
    return;
  }
  /** @type {MapDocument} */
  const doc = await answer.json();
  const map = new RelationshipMap(root, doc, {
    personUrl: (id) => personUrl.replace("PERSON", encodeURIComponent(id)),
    fetchLines: (id) => fetchLines(src, id),
  });
  bindAnswer(document.querySelector(".answer"), map.store);
}

/**
 * The lines at a person that the map's document leaves out. Throws if they cannot be had.
 *
 * @param {string} src The document's address.
 * @param {string} id
 * @returns {Promise<DrawnLine[]>}
 */
async function fetchLines(src, id) {
  const address = new URL(src, location.href);
  address.pathname += `/people/${encodeURIComponent(id)}/lines`;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
  return (await answer.json()).lines;
}

/**
 * @param {HTMLElement} root
 * @param {string} message
 */
function showFailure(root, message) {
  const retry = root.dataset.retry ?? "";
  const node = el("div", "rm-failed", el("p", "", message));
  node.setAttribute("role", "alert");
  node.append(button("rm-button", retry, retry, () => start(root)));
  root.replaceChildren(node);
}

const root = document.getElementById("map");
if (root) start(root);
