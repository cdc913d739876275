import { StageError } from './errors.js';

/** How long an answer may take, in ms. */
const ANSWER_MS = 10_000;

/**
 * @param {{server: string, token: string, meta: {roomName: string}}} meeting
 * @returns {Promise<object[]>} the meeting's record
 */
export function getRecord({ server, token, meta }) {
  return get(server, token, `/v1/meetings/${encodeURIComponent(meta.roomName)}/record`);
}

async function get(server, token, path) {
  let answer;
  try {
    answer = await fetch(new URL(path, server), {
      headers: { Authorization: `Bearer ${token}` }, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS),
    });
  } catch (err) {
    throw err.name === 'TimeoutError'
      ? new StageError('timeout', `GET ${path}: no answer`)
      : new StageError('connection-lost', `GET ${path}: ${err.message}`);
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  throw new StageError(body.error?.code || 'refused', body.error?.message ?? `GET ${path}: HTTP ${answer.status}`, { data: { status: answer.status } });
}
