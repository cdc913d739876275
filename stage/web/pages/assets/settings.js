import { attempt, meaning } from './actions.js';
import { byId, inSentence, plain, setText } from './dom.js';
import { toast } from './toast.js';

// The meeting's settings: a form that shows what holds, sends what was changed,
// and follows what another host changes meanwhile.

/** How a setting travels, and how it stands in its field; ms per unit of the field. */
const UNITS = { grantExpiryMs: 1000, speakingTimeMs: 60_000, speakingWarningMs: 1000, rejectionWaitMs: 1000 };
const NUMBERS = ['stageLimit', 'queueLimit'];
const FIELDS = ['stageEnabled', 'mode', 'stageLimit', 'queueLimit', 'requestsClosed', 'media', 'grantExpiryMs',
  'speakingTimeMs', 'speakingWarningMs', 'speakingEnd', 'rejectionWaitMs', 'priority'];

export class SettingsDialog {
  #meeting;
  #dialog = byId('settings');
  #form = byId('settings-form');
  #shown = {}; // field values as the server had them when they were filled in

  /** @param {import('/sdk/meeting.js').Meeting} meeting */
  constructor(meeting) {
    this.#meeting = meeting;
    byId('settings-open').addEventListener('click', () => this.open());
    byId('settings-close').addEventListener('click', () => this.#dialog.close());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#apply();
    });
    byId('requests-open').addEventListener('click', () => this.#switchRequests());
    meeting.on('settingsUpdate', (settings, by) => this.#heard(settings, by));
    this.#showSwitch();
  }

  open() {
    for (const key of FIELDS) this.#fill(key);
    this.#problem('', '');
    byId('settings-note').hidden = true;
    this.#dialog.showModal();
  }

  // A field that this host has touched keeps the host's value; the others follow.
  #heard(settings, by) {
    this.#showSwitch();
    if (by && by !== this.#meeting.self.userId) {
      const who = inSentence(this.#meeting.participants.byUserId(by) ?? { userId: by });
      if (this.#dialog.open) {
        setText(byId('settings-note'), `${who} has just changed the settings.`);
        byId('settings-note').hidden = false;
      } else {
        toast(`${who} changed the meeting’s settings.`, 'quiet');
      }
    }
    for (const key of FIELDS) if (this.#value(key) === this.#shown[key]) this.#fill(key);
  }

  #showSwitch() {
    const { requestsClosed, stageEnabled } = this.#meeting.settings ?? {};
    const button = byId('requests-open');
    button.setAttribute('aria-checked', String(!requestsClosed));
    document.body.dataset.requests = requestsClosed ? 'closed' : 'open';
    byId('stage-off').hidden = stageEnabled !== false;
  }

  #switchRequests() {
    const requestsClosed = !this.#meeting.settings.requestsClosed;
    attempt('The requests could not be switched', () => this.#meeting.updateSettings({ requestsClosed }));
  }

  #field(key) {
    return this.#form.elements.namedItem(key);
  }

  #fill(key) {
    const value = this.#meeting.settings[key];
    const field = this.#field(key);
    if (key === 'media') field.value = value.includes('video') ? 'both' : 'audio';
    else if (field.type === 'checkbox') field.checked = value;
    else if (UNITS[key]) field.value = String(value / UNITS[key]);
    else field.value = String(value);
    this.#shown[key] = this.#value(key);
  }

  #value(key) {
    const field = this.#field(key);
    return field.type === 'checkbox' ? String(field.checked) : field.value.trim();
  }

  /** @returns {object} what was changed; throws an Error with .key for what is no number */
  #patch() {
    const patch = {};
    for (const key of FIELDS) {
      const value = this.#value(key);
      if (value === this.#shown[key]) continue;
      if (key === 'media') patch[key] = value === 'both' ? ['audio', 'video'] : ['audio'];
      else if (this.#field(key).type === 'checkbox') patch[key] = value === 'true';
      else if (UNITS[key] || NUMBERS.includes(key)) patch[key] = number(key, value);
      else patch[key] = value;
    }
    return patch;
  }

  async #apply() {
    this.#problem('', '');
    try {
      const patch = this.#patch();
      if (Object.keys(patch).length) await this.#meeting.updateSettings(patch);
      this.#dialog.close();
      toast('The settings hold now.');
    } catch (err) {
      const said = plain(err.message);
      const key = err.key ?? FIELDS.find((field) => said.includes(field)) ?? '';
      this.#problem(key, err.code === '-32602' || err.key ? readable(key, said) : meaning(err));
    }
  }

  // The problem stands at its field, which gets the focus.
  #problem(key, text) {
    for (const field of this.#form.querySelectorAll('[aria-invalid]')) {
      field.removeAttribute('aria-invalid');
      field.removeAttribute('aria-describedby');
    }
    const box = byId('settings-problem');
    box.hidden = !text;
    setText(box, text);
    const field = key && this.#field(key);
    const place = field ? field.closest('.field') : null;
    if (place) place.append(box);
    else byId('settings-buttons').before(box);
    if (!field) return;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', 'settings-problem');
    field.focus();
  }
}

function number(key, text) {
  const value = Number(text.replace(',', '.'));
  if (text === '' || !Number.isFinite(value)) throw Object.assign(new Error('Give a number, or 0 for none.'), { key });
  return Math.round(value * (UNITS[key] ?? 1));
}

// The server speaks in keys and ms, the form in words and in its field's unit.
function readable(key, text) {
  const unit = UNITS[key];
  const start = text.indexOf(`${key} is `);
  if (start < 0) return text;
  const said = text.slice(start + key.length + 4);
  if (!unit) return `Not possible: ${said}.`;
  const name = unit === 60_000 ? 'minutes' : 'seconds';
  return `Not possible: ${said.replace(/-?\d+/g, (n) => (n === '0' ? n : String(Math.round((Number(n) / unit) * 1000) / 1000))).replace('(ms)', `(${name})`)}.`;
}
