import { duration, msUntil } from './clock.js';
import { byId, inSentence, setText } from './dom.js';

/** The question that a grant asks: it is answered here and nowhere else. */
export class Invitation {
  #meeting;
  #speaker;
  #dialog = byId('invitation');

  /**
   * @param {import('/sdk/meeting.js').Meeting} meeting
   * @param {import('./speaker.js').Speaker} speaker
   */
  constructor(meeting, speaker) {
    this.#meeting = meeting;
    this.#speaker = speaker;
    byId('invitation-accept').addEventListener('click', () => speaker.go());
    byId('invitation-decline').addEventListener('click', () => speaker.leave());
    this.#dialog.addEventListener('cancel', (event) => event.preventDefault()); // Escape is no answer
    setInterval(() => this.#tick(), 500);
  }

  show() {
    const { stage } = this.#meeting;
    // One who goes by own right has pressed already.
    const asked = stage.status === 'ACCEPTED_TO_JOIN_STAGE' && !this.#speaker.going;
    if (!asked) {
      if (this.#dialog.open) this.#dialog.close();
      return;
    }
    const { turn } = stage;
    const by = turn?.by ? inSentence(this.#meeting.participants.byUserId(turn.by) ?? { userId: turn.by }) : 'A host';
    setText(byId('invitation-title'), turn?.invited ? `${by} invites you on stage` : 'You may speak now');
    setText(byId('invitation-text'), this.#speaker.granted.includes('video')
      ? 'When you go on stage, everybody sees and hears you.' : 'For sound only: everybody hears you, nobody sees you.');
    this.#tick();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #tick() {
    const ends = this.#meeting.stage.turn?.expiresAt;
    const ms = ends ? msUntil(ends) : 0;
    setText(byId('invitation-time'), ms > 0 ? `${duration(Math.floor(ms / 1000))} to answer` : '');
  }
}
