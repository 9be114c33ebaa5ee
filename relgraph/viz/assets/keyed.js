// @ts-check
// A parent's children by key: equal ones stay untouched, changed ones are drawn again in the
// element that they have, so that focus and state stay with it.

/**
 * @template {{ id: string }} Item
 * @template {Element} [Node=HTMLElement]
 */
export class Keyed {
  /** @type {Map<string, { node: Node, drawn: string }>} */
  #entries = new Map();
  #parent;
  #create;
  #draw;

  /**
   * @param {Element} parent Holds nothing but these children.
   * @param {(item: Item) => Node} create
   * @param {(node: Node, item: Item) => void} draw
   */
  constructor(parent, create, draw) {
    this.#parent = parent;
    this.#create = create;
    this.#draw = draw;
  }

  /** @param {string} id */
  node(id) {
    return this.#entries.get(id)?.node;
  }

  /** @returns {[string, Node][]} */
  nodes() {
    return [...this.#entries].map(([id, { node }]) => [id, node]);
  }

  /**
   * Draws what differs from what is drawn, and arranges the items.
   *
   * @param {Item[]} items In their order.
   * @param {boolean} redraw Whether equal ones are drawn again, too.
   */
  update(items, redraw = false) {
    for (const item of items) {
      const entry = this.#entries.get(item.id);
      const text = JSON.stringify(item);
      if (!entry || (!redraw && entry.drawn === text)) continue;
      this.#draw(entry.node, item);
      entry.drawn = text;
    }
    this.arrange(items);
  }

  /**
   * Brings these items into their order, draws those that are new and removes all others.
   *
   * @param {Item[]} items
   */
  arrange(items) {
    const focused = document.activeElement;
    const ids = new Set(items.map((item) => item.id));
    for (const [id, { node }] of this.#entries) {
      if (ids.has(id)) continue;
      node.remove();
      this.#entries.delete(id);
    }
    let next = this.#parent.firstElementChild;
    for (const item of items) {
      const node = this.#entries.get(item.id)?.node ?? this.#add(item);
      if (node === next) next = next.nextElementSibling;
      else this.#parent.insertBefore(node, next);
    }
    // What is moved loses the focus.
    if (focused instanceof HTMLElement && this.#parent.contains(focused)) {
      if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    }
  }

  /** @param {Item} item */
  #add(item) {
    const node = this.#create(item);
    this.#draw(node, item);
    this.#entries.set(item.id, { node, drawn: JSON.stringify(item) });
    return node;
  }
}
