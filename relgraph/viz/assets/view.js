// @ts-check
// Where the reader looks: pan, zoom, fit and travel of one stage inside its viewport.

const SMALLEST = 0.05;
const LARGEST = 3;
// Below it a card keeps only its name, in larger letters.
const FAR = 0.55;
const EDGE = 16;
// Height of the legend and the zoom buttons below the picture.
const CONTROLS = 48;

/** @typedef {{ x: number, y: number, w: number, h: number }} Box */

export class View {
  x = 0;
  y = 0;
  scale = 1;
  // Pixels at the right that a panel hides.
  covered = 0;
  // Whether the reader still sees what fit() showed.
  fitted = false;
  #still = 0;

  /**
   * @param {HTMLElement} viewport
   * @param {HTMLElement} stage
   * @param {number} width
   * @param {number} height
   */
  constructor(viewport, stage, width, height) {
    this.viewport = viewport;
    this.stage = stage;
    this.width = width;
    this.height = height;
    this.#listen();
  }

  /**
   * The stage has another size; what the reader sees stays where it is.
   *
   * @param {number} width
   * @param {number} height
   */
  setSize(width, height) {
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.fitted = false;
  }

  // When the window changes, everything stays in sight for who looks at everything.
  refit() {
    if (this.fitted) this.fit();
  }

  apply(travel = false) {
    this.fitted = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stage.classList.toggle("rm-travel", travel && !calm);
    this.stage.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.viewport.classList.toggle("rm-far", this.scale < FAR);
    // Layers are kept while things move and given back after, so that text is sharp at rest.
    this.stage.classList.add("rm-moving");
    clearTimeout(this.#still);
    this.#still = setTimeout(() => this.stage.classList.remove("rm-moving"), 400);
  }

  fit(travel = false) {
    const wide = this.viewport.clientWidth - this.covered - 2 * EDGE;
    const high = this.viewport.clientHeight - 2 * EDGE - CONTROLS;
    const scale = Math.min(wide / this.width, high / this.height, 1.15);
    this.scale = Math.max(SMALLEST, scale);
    this.x = EDGE + Math.max(0, (wide - this.width * this.scale) / 2);
    this.y = EDGE + Math.max(0, (high - this.height * this.scale) / 2);
    this.apply(travel);
    this.fitted = true;
  }

  /**
   * Where a small screen begins: one card in the upper middle, large enough to read.
   *
   * @param {Box} box
   */
  begin(box) {
    this.scale = Math.min(0.75, (this.viewport.clientWidth - 2 * EDGE) / (2 * box.w));
    this.x = this.viewport.clientWidth / 2 - (box.x + box.w / 2) * this.scale;
    this.y = 4 * EDGE - box.y * this.scale;
    this.apply();
  }

  /**
   * @param {number} factor
   * @param {number} [atX]
   * @param {number} [atY]
   */
  zoom(factor, atX, atY) {
    const cx = atX ?? (this.viewport.clientWidth - this.covered) / 2;
    const cy = atY ?? this.viewport.clientHeight / 2;
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    this.x = cx - ((cx - this.x) * scale) / this.scale;
    this.y = cy - ((cy - this.y) * scale) / this.scale;
    this.scale = scale;
    this.apply();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.apply();
  }

  /** @param {Box} box */
  flyTo(box) {
    this.scale = Math.max(this.scale, 0.8);
    this.x = (this.viewport.clientWidth - this.covered) / 2 - (box.x + box.w / 2) * this.scale;
    this.y = this.viewport.clientHeight / 2 - (box.y + box.h / 2) * this.scale;
    this.apply(true);
  }

  /**
   * Move as little as is needed to see a card.
   *
   * @param {Box} box
   */
  reveal(box) {
    const left = this.x + box.x * this.scale;
    const top = this.y + box.y * this.scale;
    const right = this.viewport.clientWidth - this.covered - EDGE - box.w * this.scale;
    const bottom = this.viewport.clientHeight - EDGE - box.h * this.scale;
    const dx = Math.min(Math.max(left, EDGE), Math.max(EDGE, right)) - left;
    const dy = Math.min(Math.max(top, EDGE), Math.max(EDGE, bottom)) - top;
    if (!dx && !dy) return;
    this.x += dx;
    this.y += dy;
    this.apply(true);
  }

  #listen() {
    /** @type {Map<number, [number, number]>} */
    const fingers = new Map();
    let moved = 0;
    /**
     * @param {MouseEvent} event
     * @returns {[number, number]}
     */
    const local = (event) => {
      const box = this.viewport.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    this.viewport.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      fingers.set(event.pointerId, local(event));
      moved = 0;
    });
    this.viewport.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      if (fingers.size === 1) {
        moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
        if (moved > 4) {
          this.viewport.setPointerCapture(event.pointerId);
          this.viewport.classList.add("rm-grabbing");
          this.pan(now[0] - before[0], now[1] - before[1]);
        }
      } else {
        const [, other] = [...fingers].find(([id]) => id !== event.pointerId) ?? [0, before];
        /** @param {[number, number]} point */
        const spread = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
        this.zoom(spread(now) / Math.max(1, spread(before)), other[0], other[1]);
        moved = 99;
      }
      fingers.set(event.pointerId, now);
    });
    /** @param {PointerEvent} event */
    const lift = (event) => {
      fingers.delete(event.pointerId);
      this.viewport.classList.remove("rm-grabbing");
    };
    this.viewport.addEventListener("pointerup", lift);
    this.viewport.addEventListener("pointercancel", lift);
    // What ends a drag is not a click on the card below it.
    this.viewport.addEventListener(
      "click",
      (event) => {
        if (moved > 4) event.stopPropagation();
      },
      true,
    );
    this.viewport.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) {
          this.zoom(Math.exp(-event.deltaY / 200), ...local(event));
        } else {
          this.pan(-event.deltaX, -event.deltaY);
        }
      },
      { passive: false },
    );
  }
}
