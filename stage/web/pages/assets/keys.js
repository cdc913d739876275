import { byId } from './dom.js';

// The console's shortcuts. They act on the row that has the focus, so that a
// stray key never decides about somebody whom nobody was looking at.

const ROWS = '[data-testid=queue-row], [data-testid=stage-row]';
const KEYS = { g: 'grant', d: 'deny', k: 'kick', w: 'withdraw' };

export function shortcuts() {
  const help = byId('help');
  byId('help-open').addEventListener('click', () => help.showModal());
  byId('help-close').addEventListener('click', () => help.close());
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea')) return;
    if (event.key === '?') help.showModal();
    else if (!help.open) onKey(event);
  });
}

function onKey(event) {
  const row = document.activeElement?.closest(ROWS);
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    step(row, event.key === 'ArrowDown' ? 1 : -1);
    event.preventDefault();
    return;
  }
  const action = KEYS[event.key.toLowerCase()];
  const button = action && row?.querySelector(`button[data-action=${action}]`);
  if (button && !event.repeat) button.click();
}

function step(row, by) {
  const rows = [...document.querySelectorAll(ROWS)];
  const at = row ? rows.indexOf(row) + by : 0;
  rows[Math.max(0, Math.min(rows.length - 1, at))]?.focus();
}
