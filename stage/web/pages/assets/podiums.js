import { addPodium, getPodiums, withdrawPodium } from '/sdk/rest.js';
import { attempt } from './actions.js';
import { duration, msUntil } from './clock.js';
import { confirmed } from './confirm.js';
import { bdi, byId, el, inSentence, nameOf, setText } from './dom.js';

// The podiums that were let in by a code, and a code for another one.

/** How often the dialog looks who has come, in ms. */
const LOOK_MS = 2000;

export class PodiumsDialog {
  #meeting;
  #dialog = byId('podiums');
  #code = null;
  #looking = 0;

  /** @param {import('/sdk/meeting.js').Meeting} meeting */
  constructor(meeting) {
    this.#meeting = meeting;
    byId('podiums-open').addEventListener('click', () => this.open());
    byId('podiums-close').addEventListener('click', () => this.#dialog.close());
    byId('podiums-form').addEventListener('submit', (e) => {
      e.preventDefault();
      this.#add();
    });
    this.#dialog.addEventListener('close', () => {
      clearInterval(this.#looking);
      this.#forget();
    });
  }

  open() {
    this.#dialog.showModal();
    this.#load();
    this.#looking = setInterval(() => this.#load(), LOOK_MS);
    byId('podium-name').focus();
  }

  async #add() {
    const name = byId('podium-name').value.trim();
    const code = await attempt('No code could be made', () => addPodium(this.#meeting, name ? { displayName: name } : {}));
    if (!code) return;
    this.#code = code;
    byId('podium-name').value = '';
    setText(byId('code'), code.code);
    setText(byId('code-for'), nameOf(code));
    setText(byId('code-command'), `sudo podium enroll ${code.code} --server ${this.#meeting.server}`);
    byId('code-box').hidden = false;
    this.#count();
  }

  /** Shows how long the code lasts; one that is used or over goes away. */
  #count() {
    if (!this.#code) return;
    const left = msUntil(this.#code.expiresAt);
    if (left <= 0) this.#forget();
    else setText(byId('code-left'), duration(Math.ceil(left / 1000)));
  }

  #forget() {
    this.#code = null;
    byId('code-box').hidden = true;
    setText(byId('code'), '');
    setText(byId('code-command'), '');
  }

  async #load() {
    this.#count();
    const list = await attempt('The podiums could not be read', () => getPodiums(this.#meeting));
    if (list) this.#show(list);
  }

  #show(list) {
    const made = this.#code && list.find((p) => p.userId === this.#code.userId && Date.parse(p.enrolledAt) > Date.parse(this.#code.expiresAt) - 600_000);
    if (made) this.#forget();
    byId('podiums-empty').hidden = list.length > 0;
    byId('podiums-table').hidden = list.length === 0;
    const text = JSON.stringify(list);
    if (byId('podiums-rows').dataset.shown === text) return; // the focus stays where it is
    byId('podiums-rows').dataset.shown = text;
    byId('podiums-rows').replaceChildren(...list.map((p) => this.#row(p)));
  }

  #row(p) {
    return el('tr', { testid: 'podium-row', data: { userId: p.userId, connected: String(p.connected) } },
      el('th', { scope: 'row' }, bdi(nameOf(p), 'name')),
      el('td', {}, bdi(p.userId)),
      el('td', { text: p.connected ? 'connected' : 'not connected' }),
      el('td', { text: new Date(p.enrolledAt).toLocaleDateString() }),
      el('td', { class: 'number' }, el('button', {
        class: 'small kick', type: 'button', text: 'Withdraw', testid: 'podium-withdraw', 'aria-label': `Withdraw ${nameOf(p)}`, on: { click: () => this.#withdraw(p) },
      })));
  }

  async #withdraw(p) {
    const sure = await confirmed(`Take ${inSentence(p)} out?`,
      'The podium goes off the stage at once, and cannot come back without a new code.', 'Withdraw');
    if (!sure) return;
    await attempt(`${nameOf(p)} could not be taken out`, () => withdrawPodium(this.#meeting, p.userId));
    await this.#load();
  }
}
