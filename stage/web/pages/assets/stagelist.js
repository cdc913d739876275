import { bdi, byId, el, nameOf, order, setText } from './dom.js';
import { duration, left, msUntil, phase, secondsSince } from './clock.js';
import { Menu } from './menu.js';
import { Picture } from './picture.js';

/** The console's view of who is on stage, or let in and expected there. */
export class StageList {
  #cards = new Map(); // by userId
  #list = byId('stage');

  /**
   * @param {(action: 'kick'|'withdraw'|'identify', participant: object) => void} act
   * @param {(userId: string) => MediaStream|null} streamOf
   * @param {() => number} warningMs how long before its end a speaking time is nearly over
   */
  constructor(act, streamOf, warningMs) {
    this.act = act;
    this.streamOf = streamOf;
    this.warningMs = warningMs;
    setInterval(() => this.#tick(), 500);
  }

  /** @param {import('/sdk/participants.js').Participant[]} participants ON_STAGE and ACCEPTED ones */
  show(participants) {
    const focused = [...this.#list.children].findIndex((card) => card.contains(document.activeElement));
    const now = new Set(participants.map((p) => p.userId));
    for (const [userId, card] of this.#cards) {
      if (now.has(userId)) continue;
      card.picture.remove();
      this.#cards.delete(userId);
    }
    const on = participants.filter((p) => p.stageStatus === 'ON_STAGE');
    const expected = participants.filter((p) => p.stageStatus !== 'ON_STAGE');
    order(this.#list, [...on, ...expected].map((p) => this.#card(p).element));
    this.#tick();
    if (focused >= 0 && !this.#list.contains(document.activeElement)) this.#focusNear(focused);
  }

  #focusNear(index) {
    const cards = this.#list.children;
    (cards[Math.min(index, cards.length - 1)] ?? byId('stage-title')).focus();
  }

  /** A new stream of a user replaces the former. */
  newStream(userId, stream) {
    const card = this.#cards.get(userId);
    if (card && shown(card.participant)) card.picture.show(stream);
  }

  #card(p) {
    const card = this.#cards.get(p.userId) ?? this.#make();
    this.#cards.set(p.userId, card);
    const onStage = p.stageStatus === 'ON_STAGE';
    const suspended = Boolean(p.turn?.suspended);
    card.participant = p;
    Object.assign(card.element.dataset, {
      userId: p.userId, status: p.stageStatus, onair: String(onStage && p.onAir && !suspended),
      suspended: String(suspended), audio: String(soundOnly(p)),
    });
    setText(card.name, nameOf(p));
    card.picture.show(shown(p) ? this.streamOf(p.userId) : null);
    card.picture.caption(caption(p));
    card.picture.keepCovered(!shown(p));
    card.sound.hidden = !soundOnly(p);
    this.#button(card, onStage ? 'kick' : 'withdraw', onStage ? 'Take off stage' : 'Withdraw');
    card.more.nameIt(nameOf(p));
    return card;
  }

  #button({ button, participant }, action, text) {
    setText(button, text);
    button.dataset.testid = button.dataset.action = action;
    button.setAttribute('aria-label', `${text}: ${nameOf(participant)}`);
  }

  #make() {
    const card = {
      picture: new Picture(), name: bdi('', 'name'), mark: el('span', { class: 'mark' }),
      time: el('span', { class: 'time', testid: 'time', 'aria-hidden': 'true' }),
      sound: el('span', { class: 'tag', testid: 'audio-only', text: 'Sound only' }), leftMs: null,
    };
    card.button = el('button', {
      type: 'button', class: 'kick', on: { click: () => this.act(card.button.dataset.action, card.participant) },
    });
    card.more = new Menu([{ action: 'identify', text: 'Identify', run: () => this.act('identify', card.participant) }]);
    card.element = el('li', { class: 'card', testid: 'stage-row', tabindex: '0' },
      card.picture.element,
      el('div', { class: 'card-foot' },
        el('div', { class: 'person' }, card.name, el('div', { class: 'facts' }, card.mark, card.sound, card.time)),
        el('div', { class: 'actions' }, card.button, card.more.button, card.more.element)));
    return card;
  }

  #tick() {
    for (const card of this.#cards.values()) {
      const { participant: p } = card;
      const { text, phase: where } = this.#time(card);
      setText(card.time, text);
      card.element.dataset.time = where;
      const state = stateOf(p, where);
      setText(card.mark, state);
      card.element.setAttribute('aria-label', `${nameOf(p)}: ${state}${soundOnly(p) ? ', sound only' : ''}`);
    }
  }

  // A suspended turn has no end: what was left when it was suspended waits.
  #time(card) {
    const { turn, stageStatus } = card.participant;
    if (stageStatus === 'ACCEPTED_TO_JOIN_STAGE') {
      const ms = turn?.expiresAt ? msUntil(turn.expiresAt) : 0;
      return { text: ms > 0 ? `${duration(Math.floor(ms / 1000))} to come` : '', phase: 'none' };
    }
    if (!turn?.onStageAt) return { text: '', phase: 'none' };
    const since = duration(spoken(card));
    if (turn.suspended) return { text: card.leftMs === null ? since : `${since} · ${left(card.leftMs)}`, phase: 'paused' };
    card.leftMs = turn.endsAt ? msUntil(turn.endsAt) : null;
    if (card.leftMs === null) return { text: since, phase: 'unlimited' };
    return { text: `${since} · ${left(card.leftMs)}`, phase: phase(card.leftMs, this.warningMs()) };
  }
}

/**
 * How long somebody has spoken, in seconds: the time on stage without what was
 * seen of its suspensions. Where it counts, the server counts (turn.endsAt).
 */
function spoken(card) {
  const { onStageAt, suspended } = card.participant.turn;
  if (card.turnOf !== onStageAt) Object.assign(card, { turnOf: onStageAt, restedS: 0, stoppedAtS: null });
  const onStage = secondsSince(onStageAt) - card.restedS;
  if (suspended) {
    card.stoppedAtS ??= onStage;
    return card.stoppedAtS;
  }
  if (card.stoppedAtS === null) return onStage;
  card.restedS += onStage - card.stoppedAtS;
  const { stoppedAtS } = card;
  card.stoppedAtS = null;
  return stoppedAtS;
}

const soundOnly = (p) => p.turn?.media?.includes('video') === false;
const shown = (p) => p.stageStatus === 'ON_STAGE' && !p.turn?.suspended && !soundOnly(p);

function caption(p) {
  if (p.stageStatus !== 'ON_STAGE') return p.turn?.invited ? 'Invited' : 'Waiting for the speaker';
  if (p.turn?.suspended) return 'Suspended';
  return soundOnly(p) ? 'Sound only' : 'No picture';
}

function stateOf(p, where) {
  if (p.stageStatus !== 'ON_STAGE') return p.turn?.invited ? 'Invited, has not answered yet' : 'Let in, not on stage yet';
  if (p.turn?.suspended) return 'Suspended';
  if (!p.onAir) return 'On stage, nothing sent yet';
  return { warning: 'On air, time nearly over', over: 'On air, time over' }[where] ?? 'On air';
}
