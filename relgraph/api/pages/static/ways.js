// @ts-check
// The chain: choosing a way in the list shows its lines and step numbers in the drawing.

export function bindWays() {
  /** @type {NodeListOf<HTMLElement>} */
  const choices = document.querySelectorAll("[data-choose-way]");
  /** @type {NodeListOf<SVGElement>} */
  const ties = document.querySelectorAll(".tie");
  /** @type {NodeListOf<SVGElement>} */
  const numbers = document.querySelectorAll(".numbers");
  for (const choice of choices) {
    choice.addEventListener("click", () => {
      const way = choice.dataset.chooseWay ?? "";
      for (const other of choices) {
        other.setAttribute("aria-pressed", String(other === choice));
      }
      for (const { classList, dataset } of ties) {
        classList.toggle("chosen", dataset.ways?.split(" ").includes(way) ?? false);
      }
      for (const { classList, dataset } of numbers) {
        classList.toggle("unchosen", dataset.way !== way);
      }
    });
  }
}
