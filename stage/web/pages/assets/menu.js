import { el, setText } from './dom.js';
import { icon } from './icons.js';

const GAP = 6; // px between the button and its menu

/**
 * What is seldom wanted in a row: a button with three dots, and the actions
 * behind it. The actions are in the page all the time, so that shortcuts and
 * tests find them.
 * @param {{action: string, text: string, run: () => void}[]} items `action` is
 *   the data-action and the data-testid
 */
export class Menu {
  constructor(items) {
    this.button = el('button', { type: 'button', class: 'icon more', testid: 'more' }, icon('more'));
    this.items = new Map(items.map(({ action, text, run }) => [action, el('button', {
      type: 'button', testid: action, text, data: { action }, on: { click: () => this.#chosen(run) },
    })]));
    this.element = el('div', { class: 'menu', popover: 'auto' }, ...this.items.values());
    this.button.popoverTargetElement = this.element;
    this.element.addEventListener('toggle', (event) => event.newState === 'open' && this.#place());
  }

  /** @param {string} name whom or what the actions are for */
  nameIt(name) {
    this.button.setAttribute('aria-label', `More for ${name}`);
    for (const item of this.items.values()) item.setAttribute('aria-label', `${item.textContent}: ${name}`);
  }

  /** Shows or hides one action, and the button when none is left. */
  offer(action, offered) {
    this.items.get(action).hidden = !offered;
    this.button.hidden = [...this.items.values()].every((item) => item.hidden);
  }

  say(action, text) {
    setText(this.items.get(action), text);
  }

  // The focus goes back to the button before the action may take its row away.
  #chosen(run) {
    if (this.element.matches(':popover-open')) {
      this.element.hidePopover();
      this.button.focus();
    }
    run();
  }

  #place() {
    const from = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const below = from.bottom + GAP;
    const top = below + height > innerHeight && from.top - GAP - height > 0 ? from.top - GAP - height : below;
    this.element.style.top = `${top}px`;
    this.element.style.left = `${Math.max(GAP, Math.min(from.right - width, innerWidth - width - GAP))}px`;
    this.element.querySelector('button:not([hidden])')?.focus();
  }
}
