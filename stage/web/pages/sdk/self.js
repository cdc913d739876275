import { Emitter } from './emitter.js';

/** `meeting.self`: who this connection is, and what it may do. */
export class Self extends Emitter {
  #stage;

  /**
   * @param {import('./token.js').Claims} claims
   * @param {import('./access.js').Stage} stage
   */
  constructor(claims, stage) {
    super();
    this.#stage = stage;
    this.id = '';
    this.userId = claims.sub;
    this.name = claims.name;
    this.presetName = typeof claims.preset === 'string' ? claims.preset : 'custom';
    this.roomJoined = false;
    this.permissions = Object.assign(new Emitter(), { stageEnabled: true, acceptStageRequests: false });
  }

  get stageStatus() {
    return this.#stage.status;
  }

  /** Takes the server's answer to meeting.join over. */
  take(joined) {
    this.id = joined.self.peerId;
    this.name = joined.self.displayName;
    this.presetName = joined.self.preset;
    this.roomJoined = true;
    this.permissions.stageEnabled = joined.settings?.stageEnabled ?? true;
    // Only those who may decide get the list, so its presence says who may.
    this.permissions.acceptStageRequests = joined.stageRequests !== undefined;
    this.permissions.emit('permissionsUpdate');
  }
}
