// Where the reader looks: pan, zoom, fit and travel of one stage inside its viewport.

const SMALLEST = 0.05;
const LARGEST = 3;
const FAR = 0.55; // below it a card keeps only its name, in larger letters
const EDGE = 16;
const CONTROLS = 48; // height of the legend and the zoom buttons below the picture

export class View {
  constructor(viewport, stage, width, height) {
    Object.assign(this, { viewport, stage, width, height, x: 0, y: 0, scale: 1 });
    this.covered = 0; // px at the right that a panel hides
    this.fitted = false; // whether the reader still sees what fit() showed
    this.still = 0;
    this.#listen();
  }

  apply(travel = false) {
    this.fitted = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stage.classList.toggle("rm-travel", travel && !calm);
    this.stage.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.viewport.classList.toggle("rm-far", this.scale < FAR);
    // Layers are kept while things move and given back after, so that text is sharp at rest.
    this.stage.classList.add("rm-moving");
    clearTimeout(this.still);
    this.still = setTimeout(() => this.stage.classList.remove("rm-moving"), 400);
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

  // Where a small screen begins: one card in the upper middle, large enough to read.
  begin(box) {
    this.scale = Math.min(0.75, (this.viewport.clientWidth - 2 * EDGE) / (2 * box.w));
    this.x = this.viewport.clientWidth / 2 - (box.x + box.w / 2) * this.scale;
    this.y = 4 * EDGE - box.y * this.scale;
    this.apply();
  }

  zoom(factor, atX, atY) {
    const cx = atX ?? (this.viewport.clientWidth - this.covered) / 2;
    const cy = atY ?? this.viewport.clientHeight / 2;
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * factor));
    this.x = cx - ((cx - this.x) * scale) / this.scale;
    this.y = cy - ((cy - this.y) * scale) / this.scale;
    this.scale = scale;
    this.apply();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.apply();
  }

  flyTo(box) {
    this.scale = Math.max(this.scale, 0.8);
    this.x = (this.viewport.clientWidth - this.covered) / 2 - (box.x + box.w / 2) * this.scale;
    this.y = this.viewport.clientHeight / 2 - (box.y + box.h / 2) * this.scale;
    this.apply(true);
  }

  // Move as little as is needed to see a card.
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
    const fingers = new Map();
    let moved = 0;
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
        const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
        const spread = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
        this.zoom(spread(now) / Math.max(1, spread(before)), other[0], other[1]);
        moved = 99;
      }
      fingers.set(event.pointerId, now);
    });
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
