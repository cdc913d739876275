import { byId } from './dom.js';

// The console's shortcuts. What decides about somebody acts on the row that has
// the focus, so that a stray key never decides about somebody whom nobody was
// looking at. The others only open what can be closed again.

const ROWS = '[data-testid=queue-row], [data-testid=stage-row], [data-testid=participant]';
const KEYS = {
  g: ['grant'], a: ['grant-audio', 'invite-audio'], d: ['deny'], k: ['kick'], w: ['withdraw'], v: ['invite'], i: ['identify'],
};
const OPENERS = { s: 'settings-open', r: 'record-open', p: 'podiums-open' };

export function shortcuts() {
  const help = byId('help');
  byId('help-open').addEventListener('click', () => help.showModal());
  byId('help-close').addEventListener('click', () => help.close());
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea, select')) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key === '?') help.showModal();
    else onKey(event);
  });
}

function onKey(event) {
  const row = document.activeElement?.closest(ROWS);
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    step(row, event.key === 'ArrowDown' ? 1 : -1);
    event.preventDefault();
    return;
  }
  if (event.repeat) return;
  const key = event.key.toLowerCase();
  if (OPENERS[key]) {
    event.preventDefault();
    byId(OPENERS[key]).click();
  } else if (key === 'n' && document.activeElement?.closest('.waiting') && !byId('many').hidden) {
    byId('next').click();
  } else {
    const names = (KEYS[key] ?? []).map((action) => `button[data-action=${action}]:not([hidden])`);
    if (names.length) row?.querySelector(names.join())?.click();
  }
}

function step(row, by) {
  const rows = [...document.querySelectorAll(ROWS)];
  const at = row ? rows.indexOf(row) + by : 0;
  rows[Math.max(0, Math.min(rows.length - 1, at))]?.focus();
}
