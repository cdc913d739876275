import { bdi, byId, el, nameOf, order, setText } from './dom.js';
import { Picture } from './picture.js';

/** The console's view of who is on stage, or let in and expected there. */
export class StageList {
  #cards = new Map(); // by userId
  #list = byId('stage');

  /**
   * @param {(action: 'kick'|'withdraw', participant: object) => void} act
   * @param {(userId: string) => MediaStream|null} streamOf
   */
  constructor(act, streamOf) {
    this.act = act;
    this.streamOf = streamOf;
  }

  /** @param {import('/sdk/participants.js').Participant[]} participants ON_STAGE and ACCEPTED ones */
  show(participants) {
    const now = new Set(participants.map((p) => p.userId));
    for (const [userId, card] of this.#cards) {
      if (now.has(userId)) continue;
      card.picture.remove();
      this.#cards.delete(userId);
    }
    const on = participants.filter((p) => p.stageStatus === 'ON_STAGE');
    const expected = participants.filter((p) => p.stageStatus !== 'ON_STAGE');
    order(this.#list, [...on, ...expected].map((p) => this.#card(p).element));
    byId('stage-empty').hidden = participants.length > 0;
    setText(byId('stage-count'), on.length ? String(on.length) : '');
  }

  /** A new stream of a user replaces the former. */
  newStream(userId, stream) {
    const card = this.#cards.get(userId);
    if (card?.element.dataset.status === 'ON_STAGE') card.picture.show(stream);
  }

  #card(p) {
    const card = this.#cards.get(p.userId) ?? this.#make();
    this.#cards.set(p.userId, card);
    const name = nameOf(p);
    const onStage = p.stageStatus === 'ON_STAGE';
    card.participant = p;
    Object.assign(card.element.dataset, { userId: p.userId, status: p.stageStatus, onair: String(onStage && p.onAir) });
    card.element.setAttribute('aria-label', `${name}: ${stateOf(p)}`);
    setText(card.name, name);
    setText(card.mark, stateOf(p));
    card.picture.show(onStage ? this.streamOf(p.userId) : null);
    card.picture.caption(onStage ? 'No picture' : 'Waiting for the speaker');
    setText(card.button, onStage ? 'Take off stage' : 'Withdraw');
    card.button.dataset.testid = card.button.dataset.action = onStage ? 'kick' : 'withdraw';
    card.button.setAttribute('aria-label', `${card.button.textContent}: ${name}`);
    return card;
  }

  #make() {
    const card = { picture: new Picture(), name: bdi('', 'name'), mark: el('span', { class: 'mark' }) };
    card.button = el('button', {
      type: 'button', class: 'kick', on: { click: () => this.act(card.button.dataset.action, card.participant) },
    });
    card.element = el('li', { class: 'card', testid: 'stage-row', tabindex: '0' },
      card.picture.element,
      el('div', { class: 'card-foot' }, el('div', { class: 'person' }, card.name, card.mark), card.button));
    return card;
  }
}

function stateOf(p) {
  if (p.stageStatus !== 'ON_STAGE') return 'Let in, not on stage yet';
  return p.onAir ? 'On air' : 'On stage, nothing sent yet';
}
