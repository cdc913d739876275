import { inSentence, plain } from './dom.js';
import { toast } from './toast.js';

const WAITING = 'REQUESTED_TO_JOIN_STAGE';
const LET_IN = 'ACCEPTED_TO_JOIN_STAGE';
const OFF = 'OFF_STAGE';

/**
 * What a host does to somebody, and the words for it. `expect` is the status
 * that the host saw: when it is not so any more, another host was quicker.
 */
export const ACTIONS = {
  grant: { method: 'grantAccess', expect: WAITING, failed: 'could not be let on stage' },
  'grant-audio': { method: 'grantAccess', expect: WAITING, media: ['audio'], failed: 'could not be let on stage' },
  deny: { method: 'denyAccess', expect: WAITING, failed: 'could not be turned down' },
  invite: { method: 'grantAccess', expect: OFF, failed: 'could not be invited', done: 'was invited' },
  'invite-audio': { method: 'grantAccess', expect: OFF, media: ['audio'], failed: 'could not be invited', done: 'was invited, for sound only' },
  withdraw: { method: 'denyAccess', expect: LET_IN, failed: ': the permission could not be withdrawn' },
  kick: { method: 'kick', failed: 'could not be taken off stage' },
};

const TEXTS = {
  'connection-lost': 'There is no connection to the stage just now. Try again when it is back.',
  timeout: 'The stage server did not answer. Look at the lists to see whether it happened.',
  2001: 'This access is not allowed to do that, or the person may not get on stage.',
  2003: 'The stage is switched off in this meeting.',
  2006: 'The situation had changed in the meantime.',
  2101: 'The stage is full. Take somebody off, or raise the limit in the settings.',
  2104: 'They have left the meeting.',
};

/** @returns {string} what a failed call means, for a person */
export function meaning(err) {
  return TEXTS[err.code] ?? plain(err.message);
}

/**
 * Carries a host's action out on one person or several, and says so when it fails.
 * @param {import('/sdk/meeting.js').Meeting} meeting
 * @param {keyof ACTIONS} action
 * @param {{userId: string, name?: string, displayName?: string}[]} people
 */
export async function act(meeting, action, people) {
  const { method, expect, media, failed, done } = ACTIONS[action];
  try {
    await meeting.stage[method](people.map((p) => p.userId), { expect, media });
    if (done) toast(`${people.map(inSentence).join(', ')} ${done}.`);
  } catch (err) {
    const bad = err.results?.filter((r) => !r.ok) ?? people.map(({ userId }) => ({ userId, code: err.code, message: err.message }));
    const late = expect === WAITING ? bad.filter((r) => String(r.code) === '2006') : [];
    const others = bad.filter((r) => !late.includes(r));
    if (late.length) tooLate(meeting, action, late, people);
    if (others.length) tell(others, people, failed);
  }
}

function tell(bad, people, failed) {
  const text = meaning(bad[0]);
  if (bad.length === 1) toast(`${nameIn(people, bad[0].userId)} ${failed}. ${text}`, 'error');
  else toast(`${bad.length} of ${people.length} ${failed}. ${text}`, 'error');
}

/**
 * The request was gone before this host's word came. Letting somebody in now
 * would be an invitation, so it is offered as one and not sent.
 */
function tooLate(meeting, action, late, people) {
  if (late.length > 1) {
    toast(`${late.length} of them no longer wait: another host was quicker, or they withdrew.`, 'error');
    return;
  }
  const person = people.find((p) => p.userId === late[0].userId);
  const now = meeting.participants.byUserId(person.userId)?.stageStatus;
  const offer = action !== 'deny' && now === OFF
    ? { text: 'Invite', run: () => act(meeting, action === 'grant' ? 'invite' : 'invite-audio', [person]) } : undefined;
  toast(`Another host was quicker, or the request was withdrawn: ${inSentence(person)} no longer waits.`, 'error', offer);
}

function nameIn(people, userId) {
  return inSentence(people.find((p) => p.userId === userId) ?? { userId });
}

/**
 * Runs a host's call that is for nobody in particular.
 * @param {string} failed what could not be done
 */
export async function attempt(failed, call) {
  try {
    return await call();
  } catch (err) {
    toast(`${failed}. ${meaning(err)}`, 'error');
    return undefined;
  }
}

/** Makes somebody's lamps blink, so that one sees which podium it is. */
export async function identify(meeting, person) {
  const done = await attempt(`${inSentence(person)} could not be identified`, () => meeting.stage.identify([person.userId]));
  if (done) toast(`${inSentence(person)} blinks for half a minute.`);
}
