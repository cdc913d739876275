// Why a turn or a request ended, for the one whose it was.

const WHY = {
  rejected: 'The host said no this time.',
  cleared: 'The host cleared the queue.',
  revoked: 'The host took the permission back.',
  expired: 'The time to come on stage ran out.',
  removed: 'The host took you off the stage.',
  lease_expired: 'The connection was lost for too long.',
  declined: 'You declined.',
  cancelled: 'You withdrew the request.',
  left: 'You left the stage.',
  time_over: 'Your speaking time is over.',
  overridden: 'Another speaker took the place.',
  priority: 'The chair took priority.',
  stage_disabled: 'The stage was switched off.',
};

/** @param {string} reason @returns {string} '' for what needs no words */
export function ending(reason) {
  return WHY[reason] ?? '';
}
