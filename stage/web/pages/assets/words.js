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
};

const ASK = 'Press Request to ask for the floor.';

/**
 * @param {object} status as `podium status --json` gives it
 * @returns {{title: string, hint: string}}
 */
export function words(status) {
  if (status.status === 'ON_STAGE') {
    return status.onAir
      ? { title: 'On air', hint: 'Picture and sound are going out. Press Cancel to leave the stage.' }
      : { title: 'On stage, not on air yet', hint: 'Nothing has left yet: wait for the steady red lamp.' };
  }
  if (!status.connected) return { title: 'Not connected', hint: 'Looking for the stage server…' };
  if (status.status === 'REQUESTED_TO_JOIN_STAGE') return waiting(status.position);
  if (status.status === 'ACCEPTED_TO_JOIN_STAGE') {
    return { title: 'You may speak', hint: 'Press Request to go on stage, or Cancel to decline.' };
  }
  if (status.lamps.green === 'on') return { title: 'Asking…', hint: 'The press was felt.' };
  return { title: 'Off stage', hint: `${why(status)} ${ASK}`.trim() };
}

// The message is either one of the reasons or a sentence about the last press.
function why({ message, reason }) {
  const said = plain(message);
  if (!said) return WHY[reason] ?? '';
  return WHY[said] ?? `${said[0].toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? '' : '.'}`;
}

function waiting(position) {
  if (position === 1) return { title: 'You are next', hint: 'Press Cancel to withdraw.' };
  const title = position > 1 ? `Waiting, number ${position}` : 'Waiting';
  return { title, hint: 'The host has been told. Press Cancel to withdraw.' };
}
