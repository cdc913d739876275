import { watch } from '/sdk/stage.js';

/** So long a subscription is kept after it was wanted last, in ms. */
const LINGER_MS = 20_000;
/** So many who only wait are subscribed to in advance. */
const IN_ADVANCE = 4;

/**
 * Who to subscribe to. Subscribing in advance makes the picture come with the
 * grant: nothing has to be negotiated then. It costs the server nothing while
 * no packets flow.
 * @param {import('/sdk/participants.js').Participant[]} participants
 * @returns {Set<string>} userIds
 */
export function wanted(participants) {
  const soon = participants.filter((p) => p.stageStatus === 'REQUESTED_TO_JOIN_STAGE').slice(0, IN_ADVANCE);
  const now = participants.filter((p) => p.stageStatus === 'ON_STAGE' || p.stageStatus === 'ACCEPTED_TO_JOIN_STAGE');
  return new Set([...soon, ...now].map((p) => p.userId));
}

/** One subscription per user, kept for a while when it is not wanted any more. */
export class Subscriptions {
  #meeting;
  #options;
  /** @type {Map<string, {subscription: import('/sdk/whep.js').Subscription, timer: number}>} */
  #held = new Map();

  /**
   * @param {import('/sdk/meeting.js').Meeting} meeting
   * @param {{media?: string[], onStream: (userId: string, stream: MediaStream) => void,
   *   onState?: (userId: string, state: string, detail: object) => void}} options
   */
  constructor(meeting, options) {
    this.#meeting = meeting;
    this.#options = options;
    addEventListener('pagehide', () => this.keep(new Set(), 0));
  }

  /** Subscribes to these users, and lets go of the others. */
  keep(userIds, lingerMs = LINGER_MS) {
    for (const userId of userIds) this.#take(userId);
    for (const [userId, held] of this.#held) {
      if (userIds.has(userId)) continue;
      if (lingerMs === 0) this.#release(userId);
      else held.timer ||= setTimeout(() => this.#release(userId), lingerMs);
    }
  }

  /** @returns {MediaStream|null} */
  streamOf(userId) {
    return this.#held.get(userId)?.subscription.stream ?? null;
  }

  /** @returns {Promise<RTCStatsReport|null>} */
  async statsOf(userId) {
    return this.#held.get(userId)?.subscription.stats() ?? null;
  }

  #take(userId) {
    const held = this.#held.get(userId);
    if (held) {
      clearTimeout(held.timer);
      held.timer = 0;
      return;
    }
    const { media, onStream, onState } = this.#options;
    const subscription = watch(this.#meeting, userId, {
      media,
      onStream: (stream) => onStream(userId, stream),
      onState: (state, detail) => onState?.(userId, state, detail),
    });
    this.#held.set(userId, { subscription, timer: 0 });
  }

  #release(userId) {
    const held = this.#held.get(userId);
    if (!held) return;
    clearTimeout(held.timer);
    this.#held.delete(userId);
    held.subscription.stop();
  }
}
