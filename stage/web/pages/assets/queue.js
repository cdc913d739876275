import { bdi, byId, el, nameOf, order, setText } from './dom.js';
import { duration, secondsSince } from './clock.js';
import { Menu } from './menu.js';

/** The console's request queue: one row per request, first come first. */
export class Queue {
  #rows = new Map(); // by userId
  #list = byId('queue');
  #empty = byId('queue-empty');

  /** @param {(action: 'grant'|'grant-audio'|'deny'|'identify', request: object) => void} act */
  constructor(act) {
    this.act = act;
    setInterval(() => this.#tick(), 1000);
  }

  /** @param {import('/sdk/access.js').StageRequest[]} requests */
  show(requests) {
    const focused = this.#focusedIndex();
    const rows = requests.map((r) => this.#row(r));
    const now = new Set(requests.map((r) => r.userId));
    for (const userId of [...this.#rows.keys()]) if (!now.has(userId)) this.#rows.delete(userId);
    order(this.#list, rows.map((row) => row.element));
    this.#empty.hidden = requests.length > 0;
    setText(byId('queue-count'), requests.length ? String(requests.length) : '');
    this.#tick();
    if (focused >= 0 && !this.#list.contains(document.activeElement)) this.#focusNear(focused);
  }

  #row(request) {
    const row = this.#rows.get(request.userId) ?? this.#make();
    this.#rows.set(request.userId, row);
    row.request = request;
    const name = nameOf(request);
    row.element.dataset.userId = request.userId;
    row.element.dataset.next = String(request.position === 1);
    row.element.setAttribute('aria-label', `Number ${request.position}: ${name}`);
    setText(row.position, String(request.position));
    setText(row.name, name);
    row.grant.setAttribute('aria-label', `Grant ${name}`);
    row.deny.setAttribute('aria-label', `Deny ${name}`);
    row.more.nameIt(name);
    return row;
  }

  #make() {
    const row = { position: el('span', { class: 'position', 'aria-hidden': 'true' }), name: bdi('', 'name') };
    const button = (action, text) => el('button', {
      type: 'button', class: action, testid: action, text, data: { action }, on: { click: () => this.act(action, row.request) },
    });
    const item = (action, text) => ({ action, text, run: () => this.act(action, row.request) });
    row.wait = el('span', { class: 'wait' });
    row.grant = button('grant', 'Grant');
    row.deny = button('deny', 'Deny');
    row.more = new Menu([item('grant-audio', 'Grant sound only'), item('identify', 'Identify')]);
    row.element = el('li', { class: 'row', testid: 'queue-row', tabindex: '0' },
      row.position, el('div', { class: 'person' }, row.name, row.wait),
      el('div', { class: 'actions' }, row.grant, row.deny, row.more.button, row.more.element));
    return row;
  }

  #tick() {
    for (const { wait, request } of this.#rows.values()) {
      setText(wait, `${request.position === 1 ? 'Next · ' : ''}waiting ${duration(secondsSince(request.requestedAt))}`);
    }
  }

  #focusedIndex() {
    return [...this.#list.children].findIndex((row) => row.contains(document.activeElement));
  }

  // Whoever works by keyboard goes on with the row that came into the place.
  #focusNear(index) {
    const rows = this.#list.children;
    (rows[Math.min(index, rows.length - 1)] ?? byId('queue-title')).focus();
  }
}
