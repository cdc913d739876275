import { nameOf, plain } from './dom.js';
import { toast } from './toast.js';

/** What a host does to somebody, and the words for it. */
export const ACTIONS = {
  grant: { method: 'grantAccess', failed: 'could not be let on stage' },
  deny: { method: 'denyAccess', failed: 'could not be turned down' },
  invite: { method: 'grantAccess', failed: 'could not be invited', done: 'was invited' },
  withdraw: { method: 'denyAccess', failed: ': the permission could not be withdrawn' },
  kick: { method: 'kick', failed: 'could not be taken off stage' },
};

const TEXTS = {
  'connection-lost': 'There is no connection to the stage just now. Try again when it is back.',
  timeout: 'The stage server did not answer. Look at the lists to see whether it happened.',
  2001: 'This access is not allowed to do that, or the person may not get on stage.',
  2006: 'The situation had changed in the meantime.',
  2104: 'They have left the meeting.',
};

/**
 * Carries a host's action out on one person, and says so when it fails.
 * @param {import('/sdk/meeting.js').Meeting} meeting
 * @param {keyof ACTIONS} action
 * @param {{userId: string, name?: string, displayName?: string}} person
 */
export async function act(meeting, action, person) {
  const { method, failed, done } = ACTIONS[action];
  const name = nameOf(person);
  try {
    await meeting.stage[method]([person.userId]);
    if (done) toast(`${name} ${done}.`);
  } catch (err) {
    toast(`${name} ${failed}. ${TEXTS[err.code] ?? plain(err.message)}`, 'error');
  }
}
