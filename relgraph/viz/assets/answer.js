// @ts-check
// The answer strip above a map: what names people lights up their cards and goes to the first.

/** @import { Store } from "./store.js" */

/**
 * @param {Element | null} strip
 * @param {Store} store
 */
export function bindAnswer(strip, store) {
  const links = /** @type {NodeListOf<HTMLElement> | undefined} */ (
    strip?.querySelectorAll("[data-ids]")
  );
  for (const link of links ?? []) {
    /** @type {string[]} */
    const ids = JSON.parse(link.dataset.ids ?? "[]");
    for (const name of ["pointerenter", "focus"]) {
      link.addEventListener(name, () => store.highlight(ids));
    }
    for (const name of ["pointerleave", "blur"]) {
      link.addEventListener(name, () => store.highlight([]));
    }
    link.addEventListener("click", (event) => {
      event.preventDefault();
      store.highlight([]);
      store.select(ids[0] ?? null, true);
    });
  }
}
