import { attempt } from './actions.js';
import { bdi, byId, el, nameOf, plain, setText } from './dom.js';
import { duration } from './clock.js';

// The record of who was on stage, as a table and as files.

const HOW = {
  approved: 'request granted', invited: 'invited', allowed: 'by own right',
  fifo: 'next in the queue', open: 'open discussion', override: 'took the place',
};

const END = {
  left: 'left', removed: 'taken off', lease_expired: 'connection lost', time_over: 'time over',
  overridden: 'place taken', priority: 'priority', stage_disabled: 'stage switched off',
};

const COLUMNS = ['userId', 'displayName', 'onStageAt', 'offStageAt', 'onStageMs', 'onAirMs', 'how', 'letInBy', 'media', 'endReason', 'endedBy'];

/** @returns {string} a line for each turn; what a table program would take for a formula is made text */
export function csv(entries) {
  const cell = (value) => {
    const text = Array.isArray(value) ? value.join(' ') : String(value ?? '');
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [COLUMNS, ...entries.map((e) => COLUMNS.map((key) => e[key]))].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

export class RecordDialog {
  #meeting;
  #dialog = byId('record');
  #entries = [];

  /** @param {import('/sdk/meeting.js').Meeting} meeting */
  constructor(meeting) {
    this.#meeting = meeting;
    byId('record-open').addEventListener('click', () => this.open());
    byId('record-close').addEventListener('click', () => this.#dialog.close());
    byId('record-csv').addEventListener('click', () => this.#save('csv', 'text/csv', csv(this.#entries)));
    byId('record-json').addEventListener('click', () => this.#save('json', 'application/json', `${JSON.stringify(this.#entries, null, 2)}\n`));
    meeting.participants.joined.on('stageStatusUpdate', () => this.#dialog.open && this.#load());
    meeting.stage.on('stageStatusUpdate', () => this.#dialog.open && this.#load());
  }

  open() {
    this.#dialog.showModal();
    this.#load();
  }

  async #load() {
    const entries = await attempt('The record could not be read', () => this.#meeting.record());
    if (entries) this.#show(entries);
  }

  #show(entries) {
    this.#entries = entries;
    byId('record-rows').replaceChildren(...[...entries].reverse().map((e) => this.#row(e)));
    byId('record-table').hidden = entries.length === 0;
    byId('record-empty').hidden = entries.length > 0;
    byId('record-csv').disabled = byId('record-json').disabled = entries.length === 0;
    setText(byId('record-count'), entries.length === 1 ? '1 turn' : `${entries.length} turns`);
  }

  #row(e) {
    const cell = (...content) => el('td', {}, ...content);
    return el('tr', { testid: 'record-row', data: { userId: e.userId } },
      el('th', { scope: 'row' }, bdi(nameOf(e), 'name'), e.media?.includes('video') === false ? el('span', { class: 'tag', text: 'Sound only' }) : ''),
      cell(moment(e.onStageAt)),
      cell(e.offStageAt ? moment(e.offStageAt) : el('strong', { text: 'on stage' })),
      el('td', { class: 'number', text: duration(Math.round(e.onStageMs / 1000)) }),
      el('td', { class: 'number', text: duration(Math.round(e.onAirMs / 1000)) }),
      cell(bdi(e.letInBy ? this.#name(e.letInBy) : (HOW[e.how] ?? plain(e.how)))),
      cell(bdi(this.#end(e))));
  }

  #end(e) {
    const why = END[e.endReason] ?? plain(e.endReason);
    return e.endedBy ? `${why}: ${this.#name(e.endedBy)}` : why;
  }

  #name(userId) {
    const { self, participants } = this.#meeting;
    return nameOf(userId === self.userId ? self : participants.byUserId(userId) ?? { userId });
  }

  #save(ending, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = el('a', { href: url, download: `${fileName(this.#meeting.meta.meetingTitle)}-record.${ending}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000); // the browser has read it by then
  }
}

const fileName = (meeting) => plain(meeting).replace(/[^\p{L}\p{N}_-]+/gu, '-') || 'meeting';

function moment(time) {
  const date = new Date(time);
  const sameDay = date.toDateString() === new Date().toDateString();
  const text = sameDay ? date.toLocaleTimeString() : date.toLocaleString();
  return el('time', { datetime: time, text });
}
