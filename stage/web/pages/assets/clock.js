// A waiting time is the server's clock minus the server's clock: a host's
// laptop that is two minutes off must not show two minutes to begin with.

let offsetMs = 0;

/** Asks the server for the time, to the second. */
export async function setClock() {
  try {
    const sent = Date.now();
    const answer = await fetch('/assets/clock.js', { method: 'HEAD', cache: 'no-store' });
    const server = Date.parse(answer.headers.get('Date'));
    const here = (sent + Date.now()) / 2;
    // The header is cut to whole seconds: within that, the clocks agree.
    if (Number.isFinite(server) && (here < server || here > server + 1000)) offsetMs = server + 500 - here;
  } catch {
    // without an answer the clock here has to do
  }
}

/** @param {string} since RFC 3339 @returns {number} whole seconds, never negative */
export function secondsSince(since) {
  return Math.max(0, Math.floor((Date.now() + offsetMs - Date.parse(since)) / 1000));
}

/** @param {string} end RFC 3339 @returns {number} ms, negative when it is past */
export function msUntil(end) {
  return Date.parse(end) - Date.now() - offsetMs;
}

/** @returns {string} such as 0:07, 12:30, 1:02:03 */
export function duration(seconds) {
  const two = (n) => String(n).padStart(2, '0');
  const h = Math.floor(seconds / 3600);
  const m = Math.floor(seconds / 60) % 60;
  return h ? `${h}:${two(m)}:${two(seconds % 60)}` : `${m}:${two(seconds % 60)}`;
}

/**
 * What is left of a speaking time, in words.
 * @param {number} ms negative when it is over
 */
export function left(ms) {
  return ms >= 0 ? `${duration(Math.ceil(ms / 1000))} left` : `${duration(Math.floor(-ms / 1000))} over`;
}

/**
 * Where a speaker stands in the speaking time.
 * @param {number} ms what is left
 * @param {number} warningMs how long before the end the warning begins
 * @returns {'running'|'warning'|'over'}
 */
export function phase(ms, warningMs) {
  if (ms < 0) return 'over';
  return ms <= warningMs ? 'warning' : 'running';
}
