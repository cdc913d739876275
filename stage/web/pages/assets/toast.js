import { byId, el } from './dom.js';

const INFO_MS = 5000;
const ERROR_MS = 12_000;
const MOST = 4;

/**
 * Says what happened. Errors are announced at once and stay longer.
 * @param {string} message
 * @param {'info'|'error'} [kind]
 */
export function toast(message, kind = 'info') {
  const box = byId('toasts');
  const close = el('button', { class: 'toast-close', type: 'button', 'aria-label': 'Close this message', text: '×' });
  const t = el('div', { class: `toast ${kind}`, role: kind === 'error' ? 'alert' : 'status', testid: 'toast' },
    el('p', { text: message, dir: 'auto' }), close);
  const timer = setTimeout(() => t.remove(), kind === 'error' ? ERROR_MS : INFO_MS);
  close.addEventListener('click', () => {
    clearTimeout(timer);
    t.remove();
  });
  box.append(t);
  while (box.children.length > MOST) box.firstElementChild.remove();
}
