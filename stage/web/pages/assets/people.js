import { bdi, byId, el, nameOf, order, setText } from './dom.js';

/** The console's list of the others: connected, and neither waiting nor on stage. */
export class People {
  #items = new Map(); // by userId
  #list = byId('people');

  /** @param {(action: 'invite', participant: object) => void} act */
  constructor(act) {
    this.act = act;
  }

  /** @param {import('/sdk/participants.js').Participant[]} participants @param {number} viewers */
  show(participants, viewers) {
    const now = new Set(participants.map((p) => p.userId));
    for (const userId of [...this.#items.keys()]) if (!now.has(userId)) this.#items.delete(userId);
    order(this.#list, participants.map((p) => this.#item(p).element));
    byId('people-empty').hidden = participants.length > 0;
    setText(byId('viewers'), viewers === 1 ? '1 viewer' : `${viewers} viewers`);
  }

  #item(p) {
    const item = this.#items.get(p.userId) ?? this.#make();
    this.#items.set(p.userId, item);
    item.participant = p;
    item.element.dataset.userId = p.userId;
    setText(item.name, nameOf(p));
    setText(item.preset, p.presetName);
    item.invite.hidden = p.presetName === 'viewer';
    item.invite.setAttribute('aria-label', `Invite ${nameOf(p)}`);
    return item;
  }

  #make() {
    const item = { name: bdi('', 'name'), preset: el('span', { class: 'preset' }) };
    item.invite = el('button', {
      type: 'button', class: 'small', testid: 'invite', text: 'Invite', on: { click: () => this.act('invite', item.participant) },
    });
    item.element = el('li', { class: 'other', testid: 'participant' }, item.name, item.preset, item.invite);
    return item;
  }
}
