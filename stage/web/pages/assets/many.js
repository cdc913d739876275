import { act, attempt } from './actions.js';
import { confirmed } from './confirm.js';
import { byId } from './dom.js';
import { Menu } from './menu.js';
import { toast } from './toast.js';

/** From so many on, a decision about all of them is asked back. */
const MANY = 4;

/** The buttons in the queue's head: the next one, and all of them at once. */
export class Many {
  #meeting;
  #more;

  /** @param {import('/sdk/meeting.js').Meeting} meeting */
  constructor(meeting) {
    this.#meeting = meeting;
    this.#more = new Menu([{ action: 'clear', text: 'Clear the queue', run: () => this.#clear() }]);
    this.#more.nameIt('the queue');
    byId('many').append(this.#more.button, this.#more.element);
    byId('next').addEventListener('click', () => this.#next());
    byId('grant-all').addEventListener('click', () => this.#all('grant', 'Let all of them on stage?', 'Grant'));
    byId('deny-all').addEventListener('click', () => this.#all('deny', 'Turn all of them down?', 'Deny'));
    this.show(meeting.stage.getAccessRequests().stageRequests.length);
  }

  /** @param {number} waiting */
  show(waiting) {
    const box = byId('many');
    if (waiting === 0 && box.contains(document.activeElement)) byId('queue-title').focus();
    box.hidden = waiting === 0;
  }

  async #next() {
    const results = await attempt('The next one could not be let on stage', () => this.#meeting.stage.grantNext());
    if (results?.length === 0) toast('Nobody waits any more.');
  }

  // It concerns those whom the host saw, and nobody who asks meanwhile.
  async #all(action, question, word) {
    const seen = this.#meeting.stage.getAccessRequests().stageRequests;
    if (seen.length === 0) return;
    const text = `${seen.length} wait. Who asks meanwhile is not concerned. This cannot be taken back.`;
    if (seen.length >= MANY && !(await confirmed(question, text, `${word} ${seen.length}`))) return;
    await act(this.#meeting, action, seen);
  }

  async #clear() {
    const { length } = this.#meeting.stage.getAccessRequests().stageRequests;
    if (length >= MANY && !(await confirmed('Clear the queue?',
      'Everybody who waits is turned down, whoever asks until then too. They may ask again at once. This cannot be taken back.', 'Clear'))) return;
    await attempt('The queue could not be cleared', () => this.#meeting.stage.clearRequests());
  }
}
