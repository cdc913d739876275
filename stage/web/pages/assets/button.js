/** A press held so long is a long one, in ms; the same as on the device. */
const LONG_MS = 1500;

/**
 * A drawn push button that works as the device's: the press counts on its
 * leading edge, and one that is held is reported again as a long one.
 */
export class Button {
  #timer = 0;
  #down = false;
  #handled = false;

  /**
   * @param {HTMLButtonElement} element
   * @param {string} key the letter that presses it from anywhere on the page
   * @param {(long: boolean) => void} press
   */
  constructor(element, key, press) {
    this.element = element;
    this.press = press;
    this.key = key;
    element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      this.#handled = true;
      this.#hold();
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur']) {
      element.addEventListener(end, () => this.#release());
    }
    element.addEventListener('contextmenu', (event) => event.preventDefault()); // a finger that is held
    element.addEventListener('click', () => this.#click());
    addEventListener('keydown', (event) => this.#key(event));
    addEventListener('keyup', () => this.#release());
    addEventListener('blur', () => this.#release());
  }

  // A click without a pointer or a key before it comes from assistive technology.
  #click() {
    if (!this.#handled) this.press(false);
    this.#handled = false;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const mine = event.key.toLowerCase() === this.key
      || (event.target === this.element && (event.key === 'Enter' || event.key === ' '));
    if (!mine) return;
    event.preventDefault();
    if (!event.repeat) this.#hold();
  }

  #hold() {
    if (this.#down) return;
    this.#down = true;
    this.element.dataset.down = 'true';
    this.press(false);
    this.#timer = setTimeout(() => {
      this.element.dataset.down = 'long';
      this.press(true);
    }, LONG_MS);
  }

  #release() {
    if (!this.#down) return;
    this.#down = false;
    clearTimeout(this.#timer);
    delete this.element.dataset.down;
  }
}
