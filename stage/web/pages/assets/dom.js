// What text comes from outside is shown as text only: never parsed as HTML,
// without control characters, and unable to turn the writing direction of what
// stands around it.

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Makes a foreign text safe to show. */
export function plain(text) {
  return String(text ?? '').replace(CONTROL, ' ').replace(/\s+/g, ' ').trim();
}

/** A name, or the userId where the name shows nothing. */
export function nameOf(someone) {
  return plain(someone?.name ?? someone?.displayName) || plain(someone?.userId) || 'Somebody';
}

/** A name so long is cut where it stands in a sentence, in characters. */
const NAME_IN_SENTENCE = 40;

/** A name for the middle of a sentence: not too long, and of its own direction. */
export function inSentence(someone) {
  const letters = [...nameOf(someone)];
  const cut = letters.length > NAME_IN_SENTENCE ? `${letters.slice(0, NAME_IN_SENTENCE - 1).join('').trimEnd()}…` : letters.join('');
  return `\u2068${cut}\u2069`;
}

/**
 * Makes an element. Keys of props: `class`, `text`, `testid`, `data` (an
 * object), `on` (an object of listeners); every other one is an attribute.
 */
export function el(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (key === 'text') e.textContent = value;
    else if (key === 'testid') e.dataset.testid = value;
    else if (key === 'data') Object.assign(e.dataset, value);
    else if (key === 'on') Object.entries(value).forEach(([name, listener]) => e.addEventListener(name, listener));
    else e.setAttribute(key, value === true ? '' : value);
  }
  e.append(...children);
  return e;
}

/** Shows a person's name in an element of its own direction. */
export function bdi(text, className) {
  return el('bdi', { class: className, text, dir: 'auto' });
}

/** Sets a text only when it differs, so that screen readers are not woken for nothing. */
export function setText(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

/** Puts the children into the wanted order and moves only those out of place, so that focus stays. */
export function order(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null);
  });
}

/** @returns {HTMLElement} the element with that id; a page without it is a mistake of ours */
export function byId(id) {
  const e = document.getElementById(id);
  if (!e) throw new Error(`this page has no #${id}`);
  return e;
}
