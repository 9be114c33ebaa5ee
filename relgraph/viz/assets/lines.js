// Lines as SVG paths: a casing in the page's colour under each, so that crossings show a gap.

import { svgEl } from "./dom.js";

const ROUND = 6;

export function pathData(points) {
  if (!points.length) return "";
  let data = `M${points[0][0]} ${points[0][1]}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [before, corner, after] = [points[i - 1], points[i], points[i + 1]];
    const radius = Math.min(ROUND, distance(before, corner) / 2, distance(after, corner) / 2);
    const start = toward(corner, before, radius);
    const end = toward(corner, after, radius);
    data += `L${start[0]} ${start[1]}Q${corner[0]} ${corner[1]} ${end[0]} ${end[1]}`;
  }
  const last = points[points.length - 1];
  return `${data}L${last[0]} ${last[1]}`;
}

function distance(a, b) {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}

function toward(start, goal, by) {
  const length = distance(start, goal);
  if (!length) return start;
  return [0, 1].map((i) => Math.round((start[i] + ((goal[i] - start[i]) * by) / length) * 10) / 10);
}

export function linesLayer(doc) {
  const svg = svgEl("svg", {
    class: "rm-lines",
    width: doc.width,
    height: doc.height,
    "aria-hidden": "true",
  });
  const defs = svgEl("defs", {});
  for (const kind of ["influence", "conflict", "knows", "relation"]) {
    const marker = svgEl("marker", {
      id: `rm-arrow-${kind}`,
      viewBox: "0 0 8 8",
      refX: 7,
      refY: 4,
      markerWidth: 9,
      markerHeight: 9,
      markerUnits: "userSpaceOnUse",
      orient: "auto",
    });
    marker.append(svgEl("path", { d: "M0 .5 8 4 0 7.5z", class: `rm-fill-${kind}` }));
    defs.append(marker);
  }
  svg.append(defs);
  return svg;
}

export function lineElement(line) {
  const group = svgEl("g", { class: `rm-line rm-${line.kind}`, "data-line-id": line.id });
  const d = pathData(line.points);
  if (line.kind !== "reports_to") {
    group.append(svgEl("path", { d, class: "rm-casing", "stroke-width": line.width + 4 }));
  }
  const path = svgEl("path", { d, "stroke-width": line.width });
  if (line.dashed) path.setAttribute("class", `rm-${line.dashed}`);
  if (line.kind !== "reports_to" && line.directed) {
    path.setAttribute("marker-end", `url(#rm-arrow-${line.kind})`);
  }
  group.append(path);
  return group;
}

// The strength in a small pill, shown when its line is looked at or in the influence lens.
export function labelElement(line) {
  const { text, x, y } = line.label;
  const width = 12 + 7 * text.length;
  const group = svgEl("g", { class: `rm-label rm-${line.kind}`, "data-line-id": line.id });
  group.append(
    svgEl("rect", { x: x - width / 2, y: y - 8, width, height: 16, rx: 8 }),
    svgEl("text", { x, y: y + 4, "text-anchor": "middle" }),
  );
  group.lastChild.textContent = text;
  return group;
}
