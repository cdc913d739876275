// The rhythms of the podium's lamps, the same as on the device (hw/lamp): the
// lengths in ms, lit first and dark second, and so on. A test compares the two.

/** @type {Record<string, {lengths: number[], inverse?: boolean, once?: boolean}>} */
export const RHYTHMS = {
  slow: { lengths: [1000, 1000] },
  'slow-inverse': { lengths: [1000, 1000], inverse: true },
  fast: { lengths: [250, 250] },
  'fast-inverse': { lengths: [250, 250], inverse: true },
  blip: { lengths: [100, 1900] },
  'double-blip': { lengths: [150, 250, 150, 1450] },
  refused: { lengths: [250, 250, 250, 250, 250, 250], once: true },
  fault: { lengths: [150, 250, 150, 250, 150, 1050] },
};

/**
 * @param {string} pattern
 * @param {number} since ms for which it has been shown
 * @returns {{lit: boolean, next: number|null}} next: ms until the level changes
 */
export function level(pattern, since) {
  const r = RHYTHMS[pattern];
  if (!r) return { lit: pattern === 'on', next: null };
  const period = r.lengths.reduce((sum, length) => sum + length, 0);
  if (r.once && since >= period) return { lit: false, next: null };
  let left = since % period;
  for (const [i, length] of r.lengths.entries()) {
    if (left < length) return { lit: (i % 2 === 0) !== Boolean(r.inverse), next: length - left };
    left -= length;
  }
  return { lit: false, next: null };
}

/**
 * Whether two lamps with these patterns share one clock: the same steady rhythm,
 * or one and its other half.
 * @param {string} a @param {string} b
 */
export function inStep(a, b) {
  const [r, s] = [RHYTHMS[a], RHYTHMS[b]];
  return Boolean(r && s && !r.once) && String(r.lengths) === String(s.lengths);
}

/** Sets the lamps of a panel together; one that goes on gives its clock to the others. */
export function setLamps(lamps, patterns, at) {
  const going = lamps.filter((lamp, i) => lamp.pattern === patterns[i]);
  lamps.forEach((lamp, i) => {
    const other = going.find((g) => g !== lamp && inStep(g.pattern, patterns[i]));
    lamp.set(patterns[i], other ? other.since : at);
  });
}

/** Drives one drawn lamp. */
export class Lamp {
  #timer = 0;
  #since = 0;

  /** @param {HTMLElement} element gets data-pattern and data-lit */
  constructor(element) {
    this.element = element;
  }

  get pattern() {
    return this.element.dataset.pattern;
  }

  get since() {
    return this.#since;
  }

  /** @param {string} pattern @param {number} at performance.now() of the change */
  set(pattern, at) {
    if (this.element.dataset.pattern === pattern) return;
    this.element.dataset.pattern = pattern;
    this.#since = at;
    this.#draw();
  }

  #draw() {
    clearTimeout(this.#timer);
    const { lit, next } = level(this.element.dataset.pattern, performance.now() - this.#since);
    this.element.dataset.lit = String(lit);
    if (next !== null) this.#timer = setTimeout(() => this.#draw(), Math.max(1, Math.ceil(next)));
  }
}
