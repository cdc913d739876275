import { plain } from './dom.js';

// The podium's state in words: a title for the state, a hint for the speaker.

const WHY = {
  rejected: 'The host said no this time.',
  revoked: 'The host took the invitation back.',
  expired: 'The time to come on stage ran out.',
  removed: 'The host took you off the stage.',
  lease_expired: 'The connection was lost for too long.',
  declined: 'You declined.',
  cancelled: 'You withdrew the request.',
  left: 'You left the stage.',
  cleared: 'The host cleared the list of requests.',
  time_over: 'Your speaking time is over.',
  overridden: 'Another speaker took the place.',
  priority: 'The chair took the floor.',
  stage_disabled: 'The host closed the stage.',
};

// The stage's refusals of a press, by code.
const REFUSED = {
  2101: 'Every place on the stage is taken.',
  2102: 'No more requests are taken now.',
  2103: 'It is too soon after a no.',
  2105: 'The time to come on stage ran out.',
};

const ASK = 'Press Request to ask for the floor.';
const LEAVE = 'Press Cancel to leave the stage.';

/**
 * @param {object} status as `podium status --json` gives it
 * @returns {{title: string, hint: string}}
 */
export function words(status) {
  const { title, hint } = state(status);
  if (!status.identifyMs) return { title, hint };
  return { title, hint: `${hint} A host is looking for this podium: the lamps say that it is this one.`.trim() };
}

function state(status) {
  if (status.status === 'ON_STAGE') return onStage(status);
  if (!status.connected) return { title: 'Not connected', hint: 'Looking for the stage server…' };
  if (status.status === 'REQUESTED_TO_JOIN_STAGE') return waiting(status.position);
  if (status.status === 'ACCEPTED_TO_JOIN_STAGE') return accepted(status.grant ?? {});
  if (status.lamps.green === 'on') return { title: 'Asking…', hint: 'The press was felt.' };
  return { title: 'Off stage', hint: `${why(status)} ${askAgain(status.refusal)}`.trim() };
}

function onStage(status) {
  if (status.suspended) {
    return { title: 'The chair has the floor', hint: `Nothing of you goes out. You go on by yourself after it. ${LEAVE}` };
  }
  if (!status.onAir) return { title: 'On stage, not on air yet', hint: 'Nothing has left yet: wait for the steady red lamp.' };
  const { phase, remainingMs } = status.speakingTime ?? {};
  const hint = `${carried(status.media?.tracks)} going out. ${LEAVE}`;
  if (phase === 'over') return { title: 'On air, your time is over', hint: `Please come to an end. ${hint}` };
  if (phase === 'warning') return { title: 'On air, your time is nearly over', hint: `${clock(remainingMs)} left. ${hint}` };
  if (phase === 'running') return { title: 'On air', hint: `${clock(remainingMs)} left. ${hint}` };
  return { title: 'On air', hint };
}

function accepted({ invited, remainingMs, media }) {
  const within = remainingMs ? ` within ${clock(remainingMs)}` : '';
  const only = media?.length === 1 ? ` It is for ${media[0] === 'audio' ? 'the sound' : 'the picture'} only.` : '';
  return {
    title: invited ? 'You are invited to speak' : 'You may speak',
    hint: `Press Request${within} to go on stage, or Cancel to decline.${only}`,
  };
}

function carried(tracks) {
  if (tracks?.length !== 1) return 'Picture and sound are';
  return tracks[0] === 'audio' ? 'The sound is' : 'The picture is';
}

// The message is either one of the reasons or a sentence about the last press.
function why({ message, reason, refusal }) {
  const said = plain(message);
  if (!said) return WHY[reason] ?? '';
  return REFUSED[refusal?.code] ?? WHY[said] ?? `${said[0].toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? '' : '.'}`;
}

function askAgain(refusal) {
  return refusal?.retryAfterMs ? `You may ask again in ${clock(refusal.retryAfterMs)}.` : ASK;
}

function waiting(position) {
  if (position === 1) return { title: 'You are next', hint: 'Press Cancel to withdraw.' };
  const title = position > 1 ? `Waiting, number ${position}` : 'Waiting';
  return { title, hint: 'The host has been told. Press Cancel to withdraw.' };
}

// A length as people say it, rounded up: nobody is told too little.
function clock(ms) {
  const s = Math.max(0, Math.ceil(ms / 1000));
  return s < 100 ? `${s} s` : `${Math.floor(s / 60)} min ${s % 60} s`;
}
