// @ts-check
// A picture of people beside the figures of one of them.

const PHONE = 640;
/** @typedef {((id: string) => void) | null} ShowFigures Null on a page without figures. */

/**
 * Pointing at a person shows their figures, at first those of the first one.
 *
 * @returns {ShowFigures}
 */
export function bindFigures() {
  /** @type {NodeListOf<HTMLElement>} */
  const figures = document.querySelectorAll("[data-figures]");
  /** @type {NodeListOf<HTMLElement | SVGElement>} */
  const people = document.querySelectorAll("[data-person]");
  const [first] = figures;
  if (!first) return null;
  /** @param {string} id */
  const show = (id) => {
    for (const figure of figures) figure.hidden = figure.dataset.figures !== id;
    for (const person of people) person.classList.toggle("selected", person.dataset.person === id);
  };
  show(first.dataset.figures ?? "");
  for (const person of people) {
    person.addEventListener("click", (event) => {
      event.preventDefault();
      show(person.dataset.person ?? "");
      // On a phone the figures stand below the list.
      if (innerWidth <= PHONE) document.querySelector(".figures")?.scrollIntoView();
    });
  }
  return show;
}

/**
 * Parts of the answer strip point at people; where there is no map they open their figures.
 *
 * @param {ShowFigures} show
 */
export function bindAnswerLinks(show) {
  if (document.getElementById("map")) return;
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll(".answer [data-ids]");
  for (const link of links) {
    /** @type {string[]} */
    const [first = ""] = JSON.parse(link.dataset.ids ?? "[]");
    link.href = `/people/${encodeURIComponent(first)}`;
    link.addEventListener("click", (event) => {
      if (!show) return;
      event.preventDefault();
      show(first);
    });
  }
}
