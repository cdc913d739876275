/**
 * @typedef {object} Claims
 * @property {string} sub the userId
 * @property {string} name
 * @property {string} meeting
 * @property {string|object} preset
 * @property {number} [exp] seconds since 1970
 */

/**
 * Reads a token's claims, for showing them: only the server can tell whether
 * they are true.
 * @param {string} token
 * @returns {Claims|null} null when it is not the form of a token
 */
export function claimsOf(token) {
  try {
    const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims.sub !== 'string' || typeof claims.meeting !== 'string') return null;
    return { ...claims, name: claims.name || claims.sub };
  } catch {
    return null;
  }
}
