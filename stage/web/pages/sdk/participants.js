import { Emitter, EmitterMap } from './emitter.js';
import { Participant } from './participant.js';

/**
 * `meeting.participants`. `joined` is a Map by id (peerId) and an emitter:
 * participantJoined(p), participantLeft(p), participantsUpdate(),
 * stageStatusUpdate(p, status, previous, {reason, by}), turnUpdate(p),
 * onAirUpdate(p, onAir), audioUpdate(p, {audioEnabled, audioTrack}),
 * videoUpdate(p, {videoEnabled, videoTrack}). Each but the first three also
 * comes on the participant itself. `active` are those on stage, in the order in
 * which they came there. `viewerCount` counts the viewers who are not listed.
 */
export class Participants extends Emitter {
  #byUser = new Map();
  #selfId;
  #visiting = new Set(); // unlisted ones, named only while they are on the way to the stage
  #watch;

  /**
   * @param {string} selfId one's own userId, who is not among the others
   * @param {(userId: string, options: import('./whep.js').WatchOptions) => import('./whep.js').Subscription} watch
   * @param {boolean} [receive] play everybody on stage, not only those whose picture is asked for
   */
  constructor(selfId, watch, receive = false) {
    super();
    this.#selfId = selfId;
    this.#watch = watch;
    this.receive = receive;
    this.joined = new EmitterMap();
    this.active = new EmitterMap();
    this.pinned = new EmitterMap();
    this.waitlisted = new EmitterMap();
    this.viewerCount = 0;
    this.viewMode = 'ACTIVE_GRID';
    this.currentPage = 0;
    this.pageCount = 0;
    this.lastActiveSpeaker = '';
  }

  /** Everybody in the meeting, oneself and the unlisted viewers included. */
  get count() {
    return this.joined.size + this.viewerCount + 1;
  }

  get maxActiveParticipantsCount() {
    return Infinity;
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
    if (p.id !== id) this.#rename(p, id); // a newer connection of the same user
    if (p.stageStatus !== previous) {
      this.#place(p);
      p.tell('stageStatusUpdate', p, p.stageStatus, previous, detail);
    } else if (JSON.stringify(p.turn) !== JSON.stringify(turn)) {
      p.tell('turnUpdate', p);
    }
    if (p.onAir !== onAir) p.tell('onAirUpdate', p.onAir);
    p.reviewMedia();
  }

  #rename(p, id) {
    for (const map of [this.joined, this.active]) {
      if (map.delete(id)) map.set(p.id, p);
    }
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
    p.stopWatching();
    this.joined.delete(p.id);
    if (this.active.delete(p.id)) this.active.emit('participantLeft', p);
    this.joined.emit('participantLeft', p);
    this.joined.emit('participantsUpdate');
  }

  /** Ends what is being received. */
  stopWatching() {
    for (const p of this.#byUser.values()) p.stopWatching();
  }

  #add(wire) {
    const p = new Participant(wire, this.#watch, (event, ...args) => this.joined.emit(event, ...args));
    this.#byUser.set(p.userId, p);
    this.joined.set(p.id, p);
    this.joined.emit('participantJoined', p);
    this.joined.emit('participantsUpdate');
    this.#place(p);
    p.reviewMedia();
  }

  /** Keeps `active` right after a change of status. */
  #place(p) {
    const isThere = this.active.has(p.id);
    const onStage = p.stageStatus === 'ON_STAGE';
    if (this.receive) p.wantMedia(onStage || p.stageStatus === 'ACCEPTED_TO_JOIN_STAGE');
    if (onStage && !isThere) {
      this.active.set(p.id, p);
      this.active.emit('participantJoined', p);
    } else if (!onStage && isThere) {
      this.active.delete(p.id);
      this.active.emit('participantLeft', p);
    }
  }
}
