import { byId, inSentence, setText } from './dom.js';
import { toast } from './toast.js';

// What a host should hear of without looking at the lists: who asks, who does
// not come, and quietly what another host decided.

/** Within so many ms, equal news become one. */
const GATHER_MS = 300;

const BY_THEMSELVES = {
  declined: 'declined',
  expired: 'did not come on stage in time',
  lease_expired: 'lost the connection',
  time_over: 'went off stage: the speaking time is over',
  overridden: 'went off stage: another speaker took the place',
};

const BY_ANOTHER_HOST = {
  approved: 'let in',
  invited: 'invited',
  rejected: 'turned down',
  revoked: 'withdrew the permission of',
  removed: 'took off stage',
  cleared: 'cleared the queue:',
  priority: 'took priority over',
  stage_disabled: 'switched the stage off for',
};

/** Gathers what happens in one step to one sentence. */
class Gathered {
  #names = [];
  #timer = 0;

  constructor(tell) {
    this.tell = tell;
  }

  add(name) {
    this.#names.push(name);
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.tell(listed(this.#names.splice(0)));
    }, GATHER_MS);
  }
}

/** @returns {string} such as: Ada, Ben and 4 others */
export function listed(names) {
  if (names.length <= 2) return names.join(' and ');
  return `${names[0]}, ${names[1]} and ${names.length - 2} other${names.length > 3 ? 's' : ''}`;
}

export class News {
  #meeting;
  #gathered = new Map(); // by sentence
  #title = document.title;

  /**
   * @param {import('/sdk/meeting.js').Meeting} meeting
   * @param {import('./chime.js').Chime} chime
   */
  constructor(meeting, chime) {
    this.#meeting = meeting;
    const asks = new Gathered((names) => toast(`${names} ask${/ and /.test(names) ? '' : 's'} for the floor.`));
    meeting.stage.on('newStageRequest', ({ count, request }) => {
      chime.ring();
      asks.add(inSentence(request));
      setText(byId('announcer'), `${inSentence(request)} asks for the floor. ${count} waiting.`);
    });
    meeting.participants.joined.on('stageStatusUpdate', (p, status, previous, detail) => this.#changed(p, previous, detail ?? {}));
  }

  /** Shows how many wait, where it is seen although another window is in front. */
  count(waiting) {
    document.title = waiting ? `(${waiting}) ${this.#title}` : this.#title;
    const badge = waiting ? navigator.setAppBadge?.(waiting) : navigator.clearAppBadge?.();
    badge?.catch(() => {}); // only an installed page has a badge
  }

  #changed(p, previous, { reason, by }) {
    const name = inSentence(p);
    if (by && by !== this.#meeting.self.userId) {
      const what = BY_ANOTHER_HOST[reason];
      if (what) this.#gather(`${this.#host(by)} ${what}`, 'quiet', name);
    } else if (!by && BY_THEMSELVES[reason] && previous !== 'REQUESTED_TO_JOIN_STAGE') {
      toast(`${name} ${BY_THEMSELVES[reason]}.`, 'info');
    }
  }

  #gather(start, kind, name) {
    if (!this.#gathered.has(start)) {
      this.#gathered.set(start, new Gathered((names) => toast(`${start} ${names}.`, kind)));
    }
    this.#gathered.get(start).add(name);
  }

  #host(userId) {
    return inSentence(this.#meeting.participants.byUserId(userId) ?? { userId });
  }
}
