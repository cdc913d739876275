import { StageError } from './errors.js';

/** How long an answer may take, in ms. */
const ANSWER_MS = 10_000;

/**
 * @param {{server: string, token: string, meta: {roomName: string}}} meeting
 * @returns {Promise<object[]>} the meeting's record
 */
export function getRecord(meeting) {
  return call(meeting, 'GET', 'record');
}

/** @returns {Promise<object[]>} the podiums that were enrolled by a code */
export function getPodiums(meeting) {
  return call(meeting, 'GET', 'podiums');
}

/**
 * @param {{userId?: string, displayName?: string}} podium
 * @returns {Promise<{code: string, expiresAt: string, userId: string, displayName: string}>}
 */
export function addPodium(meeting, podium) {
  return call(meeting, 'POST', 'podiums', podium);
}

/** Takes a podium's credential from it. */
export function withdrawPodium(meeting, userId) {
  return call(meeting, 'DELETE', `podiums/${encodeURIComponent(userId)}`);
}

async function call({ server, token, meta }, method, name, params) {
  const path = `/v1/meetings/${encodeURIComponent(meta.roomName)}/${name}`;
  let answer;
  try {
    answer = await fetch(new URL(path, server), {
      method, headers: { Authorization: `Bearer ${token}` }, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS),
      body: params && JSON.stringify(params),
    });
  } catch (err) {
    throw err.name === 'TimeoutError'
      ? new StageError('timeout', `${method} ${path}: no answer`)
      : new StageError('connection-lost', `${method} ${path}: ${err.message}`);
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  throw new StageError(body.error?.code || 'refused', body.error?.message ?? `${method} ${path}: HTTP ${answer.status}`, { data: { status: answer.status } });
}
