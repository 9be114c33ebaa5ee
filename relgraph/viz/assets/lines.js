// @ts-check
// Lines as SVG paths: a casing in the page's colour under each, so that crossings show a gap.
// Every colour, dash and arrow head comes from the styles in the document's legend.

import { svgEl } from "./dom.js";
/** @import { DrawnLine, DrawnStyle, LineLabel } from "./document.d.ts" */

const ROUND = 6;
const SAMPLE_WIDTH = 20;

/** @typedef {[number, number]} Point */

/** @param {Point[]} points */
export function pathData(points) {
  return points
    .map((corner, i) => {
      const before = points[i - 1];
      const after = points[i + 1];
      if (!before) return `M${corner.join(" ")}`;
      if (!after) return `L${corner.join(" ")}`;
      const radius = Math.min(ROUND, distance(before, corner) / 2, distance(after, corner) / 2);
      const start = toward(corner, before, radius);
      const end = toward(corner, after, radius);
      return `L${start.join(" ")}Q${corner.join(" ")} ${end.join(" ")}`;
    })
    .join("");
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance(a, b) {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}

/**
 * @param {Point} start
 * @param {Point} goal
 * @param {number} by
 * @returns {Point}
 */
function toward(start, goal, by) {
  const length = distance(start, goal);
  if (!length) return start;
  /** @param {0 | 1} i */
  const moved = (i) => Math.round((start[i] + ((goal[i] - start[i]) * by) / length) * 10) / 10;
  return [moved(0), moved(1)];
}

/**
 * @param {HTMLElement | SVGElement} node
 * @param {DrawnStyle} style
 */
export function setLineColor(node, style) {
  node.style.setProperty("--line-color", `var(--${style.color})`);
}

/** An empty layer for lines or their labels. */
export function linesLayer() {
  return svgEl("svg", { class: "rm-lines", "aria-hidden": "true" });
}

/**
 * The arrow heads of all styles that have them.
 *
 * @param {Iterable<DrawnStyle>} styles
 */
export function arrowHeads(styles) {
  const defs = svgEl("defs", {});
  for (const style of styles) {
    if (!style.arrow) continue;
    const marker = svgEl("marker", {
      id: `rm-arrow-${style.kind}`,
      viewBox: "0 0 8 8",
      refX: 7,
      refY: 4,
      markerWidth: 9,
      markerHeight: 9,
      markerUnits: "userSpaceOnUse",
      orient: "auto",
    });
    const head = svgEl("path", { d: "M0 .5 8 4 0 7.5z", class: "rm-head" });
    setLineColor(head, style);
    marker.append(head);
    defs.append(marker);
  }
  return defs;
}

/**
 * @param {SVGGElement} group
 * @param {DrawnLine} line
 * @param {DrawnStyle} style
 */
export function drawLine(group, line, style) {
  const d = pathData(line.points);
  const path = svgEl("path", { d, "stroke-width": line.width });
  if (line.dashed) path.setAttribute("class", `rm-${line.dashed}`);
  if (style.arrow && line.directed) path.setAttribute("marker-end", `url(#rm-arrow-${line.kind})`);
  const casing = svgEl("path", { d, class: "rm-casing", "stroke-width": line.width + 4 });
  group.setAttribute("class", `rm-line rm-${line.kind}${style.casing ? "" : " rm-plain"}`);
  group.dataset.lineId = line.id;
  setLineColor(group, style);
  group.replaceChildren(...(style.casing ? [casing, path] : [path]));
}

/**
 * The strength in a small pill, shown when its line is looked at or in the influence lens.
 *
 * @param {SVGGElement} group
 * @param {LineLabel} label
 * @param {DrawnStyle} style
 */
export function drawLabel(group, { text, x, y }, style) {
  const width = 12 + 7 * text.length;
  const written = svgEl("text", { x, y: y + 4, "text-anchor": "middle" });
  written.textContent = text;
  group.setAttribute("class", "rm-label");
  setLineColor(group, style);
  group.replaceChildren(
    svgEl("rect", { x: x - width / 2, y: y - 8, width, height: 16, rx: 8 }),
    written,
  );
}

/**
 * A short piece of a line, for the legend.
 *
 * @param {DrawnStyle} style
 */
export function lineSample(style) {
  const svg = svgEl("svg", { class: "rm-line rm-sample", width: SAMPLE_WIDTH, height: 8 });
  const path = svgEl("path", { d: `M0 4h${SAMPLE_WIDTH}`, "stroke-width": style.width });
  if (style.dash) path.setAttribute("class", `rm-${style.dash}`);
  setLineColor(svg, style);
  svg.append(path);
  return svg;
}
