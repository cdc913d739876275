import { Emitter } from './emitter.js';
import { Permissions } from './permissions.js';

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
    /** @type {boolean} whether the server receives this user's media */
    this.onAir = false;
    this.permissions = new Permissions();
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
    this.permissions.takeJoined(joined);
    this.takeOnAir(joined.self.onAir);
  }

  takeOnAir(onAir) {
    if (this.onAir === onAir) return;
    this.onAir = onAir;
    this.emit('onAirUpdate', onAir);
  }
}
