import { attempt } from './actions.js';
import { byId, inSentence, setText } from './dom.js';

/** The chair's priority: a button that takes it, a banner that says who has it. */
export class PriorityControl {
  #meeting;
  #button = byId('priority');
  #banner = byId('priority-banner');

  /** @param {import('/sdk/meeting.js').Meeting} meeting */
  constructor(meeting) {
    this.#meeting = meeting;
    this.#button.addEventListener('click', () => this.#set(!this.#mine()));
    byId('priority-release').addEventListener('click', () => this.#set(false));
    meeting.stage.on('stagePriorityUpdate', () => this.show());
    meeting.on('settingsUpdate', () => this.show());
    this.show();
  }

  show() {
    const { held } = this.#meeting.stage.priority;
    const hadFocus = this.#banner.contains(document.activeElement);
    this.#button.setAttribute('aria-pressed', String(this.#mine()));
    this.#button.disabled = held && !this.#mine();
    this.#banner.hidden = !held;
    document.body.dataset.priority = String(held);
    if (held) setText(byId('priority-text'), this.#text());
    else if (hadFocus) this.#button.focus();
  }

  #text() {
    const who = this.#mine() ? 'You hold' : `${inSentence(this.#meeting.stage.priority)} holds`;
    const rest = this.#meeting.settings?.priority === 'remove'
      ? 'All others were taken off the stage.' : 'All others on stage are suspended: nothing of them is passed on.';
    return `${who} priority. ${rest}`;
  }

  #mine() {
    const { held, userId } = this.#meeting.stage.priority;
    return held && userId === this.#meeting.self.userId;
  }

  async #set(held) {
    await attempt(held ? 'Priority could not be taken' : 'Priority could not be released',
      () => this.#meeting.stage.setPriority(held));
  }
}
