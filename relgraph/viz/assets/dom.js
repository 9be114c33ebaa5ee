// @ts-check
// Small helpers for building elements. Data reaches the page as text nodes only.

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {...(Node | string | null | undefined)} children Empty ones are left out.
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  for (const child of children) {
    if (child) node.append(child);
  }
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[Name]}
 */
export function svgEl(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/**
 * @param {string} className
 * @param {string} label
 * @param {string} text
 * @param {(event: MouseEvent) => void} onClick
 */
export function button(className, label, text, onClick) {
  const node = el("button", className, text);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.addEventListener("click", onClick);
  return node;
}

/**
 * Gives a parent these children, but keeps those in place that are as before.
 *
 * @param {Element} parent
 * @param {Element[]} children
 */
export function patchChildren(parent, children) {
  children.forEach((child, i) => {
    const before = parent.children[i];
    if (!before) parent.append(child);
    else if (!before.isEqualNode(child)) before.replaceWith(child);
  });
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}

// What is as it should be is not written again: an update touches what differs and nothing else.

/**
 * @param {HTMLElement} node
 * @param {boolean} hidden
 */
export function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * Marks the pressed button of a group.
 *
 * @param {Element} group
 * @param {"lens" | "mode" | "filter"} key
 * @param {string} value
 */
export function press(group, key, value) {
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (group.querySelectorAll("button"))) {
    setAttribute(node, "aria-pressed", String(node.dataset[key] === value));
  }
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** @param {number | null} stance */
export function stanceClass(stance) {
  if (stance === null) return "s-unknown";
  return stance < 0 ? `s-n${-stance}` : `s-${stance}`;
}

/** @param {number} value */
export function round2(value) {
  return (Math.round(value * 100) / 100).toString();
}

/**
 * Only addresses that a person may follow; anything else that stands in the data stays text.
 *
 * @param {string} address
 * @param {string} text
 */
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
