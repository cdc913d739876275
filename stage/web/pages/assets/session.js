import { claimsOf } from '/sdk/token.js';

// The token comes in the fragment, which no server and no log ever sees. It is
// kept for this tab only and taken out of the address at once, so that nobody
// reads it from a projected screen or a shared link.

const KEY = 'podium-token';

/** @returns {string} the token of this tab, '' when there is none */
export function takeToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get('token');
  if (given) {
    storeToken(given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY) ?? '';
}

/** @returns {boolean} whether it has the form of a token */
export function storeToken(token) {
  const trimmed = token.trim();
  if (!claimsOf(trimmed)) return false;
  sessionStorage.setItem(KEY, trimmed);
  return true;
}

export function forgetToken() {
  sessionStorage.removeItem(KEY);
}
