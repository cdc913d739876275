import { Emitter, EmitterMap } from './emitter.js';

/** Another participant of the meeting. */
export class Participant extends Emitter {
  constructor(wire) {
    super();
    this.take(wire);
  }

  /** Takes the server's values over. */
  take(wire) {
    /** @type {string} one per connection: the newest one's peerId */
    this.id = wire.peerId;
    /** @type {string} stable */
    this.userId = wire.userId;
    /** @type {string} */
    this.name = wire.displayName;
    /** @type {string} */
    this.presetName = wire.preset;
    /** @type {import('./access.js').StageStatus} */
    this.stageStatus = wire.status;
    /** @type {boolean} media has come; ON_STAGE alone does not say so */
    this.onAir = wire.onAir;
    /** @type {import('./turn.js').TurnState|null} while ACCEPTED or ON_STAGE */
    this.turn = wire.turn ?? null;
  }
}

/**
 * `meeting.participants`. `joined` is a Map by id (peerId) and an emitter:
 * participantJoined(p), participantLeft(p),
 * stageStatusUpdate(p, status, previous, {reason, by}), turnUpdate(p),
 * onAirUpdate(p, onAir). Each but the first two also comes on the participant
 * itself. `viewerCount` counts the viewers who are not listed.
 */
export class Participants {
  #byUser = new Map();
  #selfId;
  #visiting = new Set(); // unlisted ones, named only while they are on the way to the stage

  /** @param {string} selfId one's own userId, who is not among the others */
  constructor(selfId) {
    this.#selfId = selfId;
    this.joined = new EmitterMap();
    this.viewerCount = 0;
  }

  /** @returns {Participant|undefined} */
  byUserId(userId) {
    return this.#byUser.get(userId);
  }

  /** Replaces everything by the server's list after a join; tells what differs. */
  replace(list) {
    const now = new Set(list.map((wire) => wire.userId));
    for (const userId of [...this.#byUser.keys()]) {
      if (!now.has(userId)) this.drop(userId);
    }
    this.#visiting.clear();
    for (const wire of list) this.update(wire);
  }

  /**
   * Adds a participant, or takes new values over and tells what changed.
   * @param {object} wire
   * @param {{reason?: string, by?: string}} [detail] of a change of status
   */
  update(wire, detail = {}) {
    if (wire.userId === this.#selfId) return;
    const p = this.#byUser.get(wire.userId);
    if (!p) {
      this.#add(wire);
      return;
    }
    const { id, stageStatus: previous, onAir, turn } = p;
    p.take(wire);
    if (p.id !== id) { // a newer connection of the same user
      this.joined.delete(id);
      this.joined.set(p.id, p);
    }
    if (p.stageStatus !== previous) this.#tell(p, 'stageStatusUpdate', p.stageStatus, previous, detail);
    else if (JSON.stringify(p.turn) !== JSON.stringify(turn)) this.#tell(p, 'turnUpdate');
    if (p.onAir !== onAir) this.#tell(p, 'onAirUpdate', p.onAir);
  }

  /** A status event: it may name somebody who is not listed. */
  statusUpdate(wire, detail) {
    if (!this.#byUser.has(wire.userId)) this.#visiting.add(wire.userId);
    this.update(wire, detail);
    if (wire.status === 'OFF_STAGE' && this.#visiting.delete(wire.userId)) this.drop(wire.userId);
  }

  /** Puts who waits in the queue's order: interfaces that know no queue show the map's. */
  orderBy(requests) {
    for (const { userId } of requests) {
      const p = this.#byUser.get(userId);
      if (!p) continue;
      this.joined.delete(p.id);
      this.joined.set(p.id, p);
    }
  }

  drop(userId) {
    const p = this.#byUser.get(userId);
    if (!p) return;
    this.#byUser.delete(userId);
    this.joined.delete(p.id);
    this.joined.emit('participantLeft', p);
  }

  #add(wire) {
    const p = new Participant(wire);
    this.#byUser.set(p.userId, p);
    this.joined.set(p.id, p);
    this.joined.emit('participantJoined', p);
  }

  #tell(p, event, ...args) {
    p.emit(event, p, ...args);
    this.joined.emit(event, p, ...args);
  }
}
