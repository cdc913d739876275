import { Emitter } from './emitter.js';
import { StageError } from './errors.js';
import { Turn } from './turn.js';

/**
 * @typedef {'OFF_STAGE'|'REQUESTED_TO_JOIN_STAGE'|'ACCEPTED_TO_JOIN_STAGE'|'ON_STAGE'} StageStatus
 *
 * @typedef {object} StageRequest
 * @property {string} displayName
 * @property {string} userId
 * @property {string} peerId
 * @property {string} requestedAt RFC 3339
 * @property {number} position 1 = next
 *
 * @typedef {object} GrantOptions what holds for this grant in place of the meeting's settings
 * @property {('audio'|'video')[]} [media]
 * @property {number} [speakingTimeMs] 0: without end
 *
 * @typedef {object} Expectation
 * @property {StageStatus} [expect] refuses (2006) every target that is not in this status
 *
 * @typedef {{held: boolean, userId: string, displayName: string}} Priority
 *
 * @typedef {{url: string, token: string, expiresAt: string, media: ('audio'|'video')[]}} Place
 *   where and with which one-time token to publish
 */

/**
 * `meeting.stage`: may I get on stage, and, for hosts, may others.
 *
 * Events of the vendor's: stageStatusUpdate(status, {previous, reason, by}),
 * stageAccessRequestUpdate(requests), newStageRequest({count, request}),
 * stageRequestApproved({invited, expiresAt, media}), stageRequestRejected({reason}).
 * Ours: stageRemoved({reason, by}), stagePositionUpdate(position), stageTimeUpdate(time),
 * stageSuspended({suspended, by}), stageIdentify({durationMs, by}), stagePriorityUpdate(priority).
 */
export class Stage extends Emitter {
  #call;
  #on;
  #turn = new Turn();
  /** @type {StageRequest[]} */
  #requests = [];
  /** @type {Place|null} of the last join, until somebody publishes there */
  #place = null;

  /**
   * @param {(method: string, params?: object) => Promise<any>} call
   * @param {{joined: () => void, leaving: () => void, status: (now: StageStatus, before: StageStatus) => void,
   *   suspended: (suspended: boolean) => void}} on is told before any listener: what leaves this page depends on it
   */
  constructor(call, on) {
    super();
    this.#call = call;
    this.#on = on;
    /** @type {StageStatus} */
    this.status = 'OFF_STAGE';
    /** @type {string} of this connection */
    this.peerId = '';
    /** @type {number} in the queue; 0 when not waiting, 1 = next */
    this.position = 0;
    /** @type {Priority} a chair's priority, by which all others are silent */
    this.priority = { held: false, userId: '', displayName: '' };
  }

  /** What is known of the turn while ACCEPTED or ON_STAGE, else null. */
  get turn() {
    return this.#turn.state;
  }

  /** Whether a chair's priority silences this turn. */
  get suspended() {
    return this.#turn.suspended;
  }

  /** The speaking time as last heard: {phase, limitMs, remainingMs, endsAt}, or null. */
  get time() {
    return this.#turn.time;
  }

  /** @returns {{stageRequests: StageRequest[]}} the queue as last heard; empty for who is no host */
  getAccessRequests() {
    return { stageRequests: [...this.#requests] };
  }

  async requestAccess() {
    await this.#call('stage.requestAccess');
  }

  async cancelRequestAccess() {
    await this.#call('stage.cancelRequestAccess');
  }

  /** Goes on stage. Only from here on does anything that `meeting.self` has enabled leave this page. */
  async join() {
    const { publish = null, suspended = false } = await this.#call('stage.join');
    this.#place = publish;
    if (suspended) this.#suspend({ suspended });
    this.#on.joined();
  }

  /** Leaves the stage, or declines. This page is silent before the server is told. */
  async leave() {
    this.#on.leaving();
    await this.#call('stage.leave');
  }

  /**
   * A place to publish in the running turn: the one that join answered with, if
   * nobody has taken it, else a fresh one. Its token is good for one publication.
   * @returns {Promise<Place>}
   */
  async takePlace() {
    const place = this.#place;
    this.#place = null;
    if (place && Date.parse(place.expiresAt) > Date.now()) return place;
    return (await this.#call('stage.publish')).publish;
  }

  /** Moves the running turn to this connection; what is being sent goes on. */
  async keepTurn() {
    const { publish = null } = await this.#call('stage.publish');
    this.#place = publish;
  }

  /**
   * Approves requests; for one who did not ask, it is an invitation.
   * @param {string[]} userIds
   * @param {GrantOptions & Expectation} [options]
   */
  grantAccess(userIds, { expect, media, speakingTimeMs } = {}) {
    return this.#decide('stage.grantAccess', { userIds, expect, media, speakingTimeMs });
  }

  /** @param {string[]} userIds @param {Expectation} [options] */
  denyAccess(userIds, { expect } = {}) {
    return this.#decide('stage.denyAccess', { userIds, expect });
  }

  /** @param {string[]} userIds @param {Expectation} [options] */
  kick(userIds, { expect } = {}) {
    return this.#decide('stage.kick', { userIds, expect });
  }

  /** Approves the first of the queue; resolves to [] when nobody waits. @param {GrantOptions} [options] */
  grantNext({ media, speakingTimeMs } = {}) {
    return this.#decide('stage.grantNext', { media, speakingTimeMs });
  }

  /** Turns everybody down who waits. */
  clearRequests() {
    return this.#decide('stage.clearRequests', {});
  }

  /** Takes the chair's priority or gives it up. @param {boolean} held @returns {Promise<Priority>} */
  async setPriority(held) {
    return priorityOf(await this.#call('stage.setPriority', { held }));
  }

  /**
   * Makes the lamps of these podiums blink.
   * @param {string[]} userIds
   * @param {number} [durationMs] 30 s at most and by default; 0 ends it
   */
  identify(userIds, durationMs) {
    return this.#decide('stage.identify', { userIds, durationMs });
  }

  /**
   * Rejects when it failed for any of them, with the first failure's code; the
   * error's `results` then tell of each, and the others were carried out.
   * @returns {Promise<import('./errors.js').TargetResult[]>}
   */
  async #decide(method, params) {
    const { results } = await this.#call(method, params);
    const failed = results.find((r) => !r.ok);
    if (failed) throw new StageError(failed.code, failed.message, { results });
    return results;
  }

  /** The server's word on this participant. What it says is set before the event. */
  hear(method, params) {
    switch (method) {
      case 'stageStatusUpdate':
        this.#takeStatus(params);
        return true;
      case 'stageAccessRequestUpdate':
        this.takeRequests(params.stageRequests);
        return true;
      case 'stagePositionUpdate':
        this.position = params.position;
        this.emit(method, params.position);
        return true;
      case 'stagePriorityUpdate':
        this.priority = priorityOf(params);
        this.emit(method, this.priority);
        return true;
      case 'stageSuspended':
        this.#suspend(params);
        this.emit(method, params);
        return true;
      case 'stageRequestApproved':
      case 'stageTimeUpdate':
        this.#turn.hear(method, params);
        this.emit(method, params);
        return true;
      case 'stageRemoved':
        this.#on.leaving(); // at once: the status follows
        this.emit(method, params);
        return true;
      case 'newStageRequest':
      case 'stageRequestRejected':
      case 'stageIdentify':
        this.emit(method, params);
        return true;
      default:
        return false;
    }
  }

  #suspend(params) {
    this.#turn.hear('stageSuspended', params);
    if (params.suspended) this.#place = null;
    this.#on.suspended(params.suspended);
  }

  #takeStatus({ status, ...detail }) {
    const before = this.status;
    this.status = status;
    this.position = detail.position ?? 0;
    if (status !== 'ON_STAGE') this.#place = null;
    this.#turn.takeStatus(status, detail);
    this.#on.status(status, before);
    this.emit('stageStatusUpdate', status, detail);
  }

  /** Takes the server's answer to meeting.join over. The status' event follows by itself. */
  takeJoined({ self, priority, stageRequests }) {
    this.peerId = self.peerId;
    this.status = self.status;
    this.#turn.take(self.turn);
    const before = this.priority;
    this.priority = priorityOf(priority);
    if (before.held !== this.priority.held || before.userId !== this.priority.userId) {
      this.emit('stagePriorityUpdate', this.priority);
    }
    if (stageRequests) this.takeRequests(stageRequests);
  }

  /** Takes the server's word on the own turn over, as others see it. */
  takeTurn(turn) {
    this.#turn.take(turn);
    this.#on.suspended(this.suspended);
  }

  /** @param {StageRequest[]} requests in request order */
  takeRequests(requests) {
    this.#requests = requests;
    this.emit('stageAccessRequestUpdate', [...requests]);
  }
}

/** @returns {Priority} */
function priorityOf({ held = false, userId = '', displayName = '' } = {}) {
  return { held, userId, displayName };
}
