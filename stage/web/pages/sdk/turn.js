/**
 * @typedef {object} TurnState what is known of a turn that was granted or runs
 * @property {boolean} invited the grant was an invitation
 * @property {string} [by] the granting host's userId
 * @property {('audio'|'video')[]} media what the grant covers
 * @property {string} [expiresAt] while ACCEPTED: the end of the grant, if it has one
 * @property {string} [onStageAt] while ON_STAGE: since when
 * @property {string} [endsAt] while ON_STAGE and not suspended: the end of the speaking time
 * @property {boolean} [suspended] a chair holds priority: nothing is forwarded
 *
 * @typedef {object} SpeakingTime
 * @property {'unlimited'|'running'|'warning'|'over'|'paused'} phase
 * @property {number} limitMs of the whole turn; 0: none
 * @property {number} remainingMs when it was said; negative when it is over
 * @property {string} [endsAt]
 */

const BOTH = ['audio', 'video'];

/** One's own turn, put together from what the server tells the one concerned. */
export class Turn {
  /** @type {TurnState|null} */
  state = null;
  /** @type {SpeakingTime|null} */
  time = null;

  get suspended() {
    return this.state?.suspended ?? false;
  }

  /** The turn as the server describes it to everybody. @param {TurnState} [turn] */
  take(turn) {
    this.state = turn ?? null;
    if (!turn?.onStageAt) this.time = null;
  }

  hear(method, params) {
    switch (method) {
      case 'stageRequestApproved': {
        const { invited, expiresAt, media } = params;
        this.state = { invited, media, expiresAt };
        break;
      }
      case 'stageTimeUpdate':
        this.time = params;
        if (this.state) this.state = { ...this.state, endsAt: params.endsAt };
        break;
      case 'stageSuspended':
        this.state = { invited: false, media: BOTH, ...this.state, suspended: params.suspended };
        break;
      default:
    }
  }

  takeStatus(status, { previous, by }) {
    if (status === 'ACCEPTED_TO_JOIN_STAGE') {
      if (previous !== status) this.state = { invited: false, media: BOTH, ...this.state, by };
    } else if (status === 'ON_STAGE') {
      const { expiresAt, ...rest } = this.state ?? { invited: false, media: BOTH };
      this.state = { onStageAt: new Date().toISOString(), ...rest };
    } else {
      this.state = null;
      this.time = null;
    }
  }
}
