import { Emitter } from './emitter.js';
import { StageError } from './errors.js';

/**
 * @typedef {object} StageRequest
 * @property {string} displayName
 * @property {string} userId
 * @property {string} peerId
 * @property {string} requestedAt RFC 3339
 * @property {number} position 1 = next
 */

/**
 * `meeting.stage`: may I get on stage, and, for hosts, may others.
 *
 * Events: stageStatusUpdate(status, {previous, reason, by}),
 * stageAccessRequestUpdate(requests), newStageRequest({count, request}),
 * stageRequestApproved({invited, expiresAt, media}), stageRequestRejected({reason}),
 * stageRemoved({reason, by}).
 */
export class Stage extends Emitter {
  #call;
  /** @type {StageRequest[]} */
  #requests = [];

  /** @param {(method: string, params?: object) => Promise<any>} call */
  constructor(call) {
    super();
    this.#call = call;
    /** @type {'OFF_STAGE'|'REQUESTED_TO_JOIN_STAGE'|'ACCEPTED_TO_JOIN_STAGE'|'ON_STAGE'} */
    this.status = 'OFF_STAGE';
    /** @type {string} of this connection */
    this.peerId = '';
    /** @type {number} in the queue; 0 when not waiting, 1 = next */
    this.position = 0;
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

  /**
   * @returns {Promise<{url: string, token: string, expiresAt: string, media: string[]}>}
   *   where to publish (WHIP), once, for this turn
   */
  async join() {
    return (await this.#call('stage.join')).publish;
  }

  async leave() {
    await this.#call('stage.leave');
  }

  /**
   * Approves requests; for one who did not ask, it is an invitation.
   * @param {string[]} userIds
   */
  grantAccess(userIds) {
    return this.#decide('stage.grantAccess', userIds);
  }

  /** @param {string[]} userIds */
  denyAccess(userIds) {
    return this.#decide('stage.denyAccess', userIds);
  }

  /** @param {string[]} userIds */
  kick(userIds) {
    return this.#decide('stage.kick', userIds);
  }

  /**
   * Rejects when it failed for any of them, with the first failure's code; the
   * error's `results` then tell of each, and the others were carried out.
   */
  async #decide(method, userIds) {
    const { results } = await this.#call(method, { userIds });
    const failed = results.find((r) => !r.ok);
    if (failed) throw new StageError(failed.code, failed.message, { results });
    return results;
  }

  /** The server's word on this participant. The status is set before the event. */
  hear(method, params) {
    switch (method) {
      case 'stageStatusUpdate': {
        const { status, ...detail } = params;
        this.status = status;
        this.position = params.position ?? 0;
        this.emit(method, status, detail);
        return true;
      }
      case 'stageAccessRequestUpdate':
        this.takeRequests(params.stageRequests);
        return true;
      case 'stagePositionUpdate':
        this.position = params.position;
        this.emit(method, params.position);
        return true;
      case 'newStageRequest':
      case 'stageRequestApproved':
      case 'stageRequestRejected':
      case 'stageRemoved':
        this.emit(method, params);
        return true;
      default:
        return false;
    }
  }

  /** @param {StageRequest[]} requests in request order */
  takeRequests(requests) {
    this.#requests = requests;
    this.emit('stageAccessRequestUpdate', [...requests]);
  }
}
