import { byId, el } from './dom.js';

const SHOWN_MS = { quiet: 4000, info: 5000, error: 12_000 };
const MOST = 3;

/**
 * Says what happened. Errors are announced at once and stay longer; quiet is
 * what others did.
 * @param {string} message
 * @param {'quiet'|'info'|'error'} [kind]
 * @param {{text: string, run: () => void}} [offer] a button for what one may want to do about it
 */
export function toast(message, kind = 'info', offer = undefined) {
  const box = byId('toasts');
  const close = el('button', { class: 'toast-close', type: 'button', 'aria-label': 'Close this message', text: '×' });
  const t = el('div', { class: `toast ${kind}`, role: kind === 'error' ? 'alert' : undefined, testid: 'toast', data: { kind } },
    el('p', { text: message }));
  const end = () => {
    clearTimeout(timer);
    t.remove();
  };
  const timer = setTimeout(end, offer ? SHOWN_MS.error : SHOWN_MS[kind]);
  if (offer) {
    t.append(el('button', {
      class: 'toast-offer', type: 'button', text: offer.text, testid: 'toast-offer',
      on: { click: () => { end(); offer.run(); } },
    }));
  }
  t.append(close);
  close.addEventListener('click', end);
  box.append(t);
  while (box.children.length > MOST) box.firstElementChild.remove();
}
