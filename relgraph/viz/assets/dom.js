// Small helpers for building elements. Data reaches the page as text nodes only.

export function el(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function svgEl(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

export function button(className, label, text, onClick) {
  const node = el("button", className, text);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.addEventListener("click", onClick);
  return node;
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function stanceClass(stance) {
  if (stance === null || stance === undefined) return "s-unknown";
  return stance < 0 ? `s-n${-stance}` : `s-${stance}`;
}

export function round2(value) {
  return (Math.round(value * 100) / 100).toString();
}

// Only addresses that a person may follow; anything else that stands in the data stays text.
export function safeLink(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (!["http:", "https:"].includes(url.protocol)) return null;
  const link = el("a", "rm-link", text);
  link.href = url.href;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}
