import { bdi, byId, el, nameOf, order, setText } from './dom.js';
import { Menu } from './menu.js';

/** The console's list of the others: connected, and neither waiting nor on stage. */
export class People {
  #items = new Map(); // by userId
  #list = byId('people');

  /** @param {(action: 'invite'|'invite-audio'|'identify', participant: object) => void} act */
  constructor(act) {
    this.act = act;
  }

  /** @param {import('/sdk/participants.js').Participant[]} participants @param {number} viewers */
  show(participants, viewers) {
    const focused = [...this.#list.children].findIndex((item) => item.contains(document.activeElement));
    const now = new Set(participants.map((p) => p.userId));
    for (const userId of [...this.#items.keys()]) if (!now.has(userId)) this.#items.delete(userId);
    order(this.#list, participants.map((p) => this.#item(p).element));
    byId('people-empty').hidden = participants.length > 0;
    setText(byId('viewers'), viewers === 1 ? '1 viewer' : `${viewers} viewers`);
    if (focused >= 0 && !this.#list.contains(document.activeElement)) this.#focusNear(focused);
  }

  #focusNear(index) {
    const items = this.#list.children;
    (items[Math.min(index, items.length - 1)] ?? byId('people-title')).focus();
  }

  #item(p) {
    const item = this.#items.get(p.userId) ?? this.#make();
    this.#items.set(p.userId, item);
    const viewer = p.presetName === 'viewer';
    item.participant = p;
    item.element.dataset.userId = p.userId;
    item.element.setAttribute('aria-label', nameOf(p));
    setText(item.name, nameOf(p));
    setText(item.preset, p.presetName);
    item.invite.hidden = viewer;
    item.invite.setAttribute('aria-label', `Invite ${nameOf(p)}`);
    item.more.nameIt(nameOf(p));
    item.more.offer('invite-audio', !viewer);
    return item;
  }

  #make() {
    const item = { name: bdi('', 'name'), preset: el('span', { class: 'preset' }) };
    const entry = (action, text) => ({ action, text, run: () => this.act(action, item.participant) });
    item.invite = el('button', {
      type: 'button', class: 'small', testid: 'invite', text: 'Invite', data: { action: 'invite' },
      on: { click: () => this.act('invite', item.participant) },
    });
    item.more = new Menu([entry('invite-audio', 'Invite, sound only'), entry('identify', 'Identify')]);
    item.element = el('li', { class: 'other', testid: 'participant', tabindex: '0' },
      item.name, item.preset, item.invite, item.more.button, item.more.element);
    return item;
  }
}
