import { byId, setText } from './dom.js';

/**
 * Asks before something that cannot be taken back.
 * @param {string} title
 * @param {string} text
 * @param {string} yes the words of the button that does it
 * @returns {Promise<boolean>}
 */
export function confirmed(title, text, yes) {
  const dialog = byId('confirm');
  setText(byId('confirm-title'), title);
  setText(byId('confirm-text'), text);
  setText(byId('confirm-yes'), yes);
  dialog.returnValue = '';
  dialog.showModal();
  byId('confirm-no').focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

/** The buttons of the question. */
export function confirmButtons() {
  const dialog = byId('confirm');
  byId('confirm-yes').addEventListener('click', () => dialog.close('yes'));
  byId('confirm-no').addEventListener('click', () => dialog.close('no'));
}
