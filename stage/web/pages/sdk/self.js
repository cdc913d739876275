import { Permissions } from './permissions.js';
import { Publisher } from './publish.js';
import { SelfMedia, inTurn } from './media.js';
import { CONFIG, device, notHere } from './vendor.js';

/**
 * `meeting.self`: who this connection is, what it may do, and its own camera
 * and microphone (media.js). Events besides: roomJoined({reconnected}),
 * roomLeft({state}), onAirUpdate(onAir), mediaError(error).
 */
export class Self extends SelfMedia {
  #stage;
  #publisher;
  #joinedOnce = false;
  #suspended = false;
  #peers = new Set(); // the connections that this page has had

  /**
   * @param {import('./token.js').Claims} claims
   * @param {import('./access.js').Stage} stage
   * @param {{heardAt: () => number, leaseMs: () => number, ask: () => Promise<void>, holdsTurn: () => Promise<boolean>,
   *   onState: (state: string) => void}} link what is known of the connections
   */
  constructor(claims, stage, link) {
    super(stage, (takesTurn) => this.#changed(takesTurn));
    this.#stage = stage;
    this.id = '';
    this.userId = claims.sub;
    this.name = claims.name;
    this.picture = '';
    this.customParticipantId = claims.sub;
    this.presetName = typeof claims.preset === 'string' ? claims.preset : 'custom';
    /** @type {'init'|'joined'|'disconnected'|'left'|'failed'} */
    this.roomState = 'init';
    /** @type {boolean} whether the present connection is not the first */
    this.reconnected = false;
    this.waitlistStatus = 'none';
    this.hidden = false;
    this.isPinned = false;
    this.supportsRemoteControl = false;
    this.device = device();
    this.config = CONFIG;
    /** @type {boolean} whether the server receives this user's media */
    this.onAir = false;
    this.permissions = new Permissions(claims.preset, () => this.grantedMedia());
    this.#publisher = new Publisher({
      stage, ...link, tracks: () => this.tracks(), onLapse: () => this.closeDevices(),
    });
  }

  get peerId() { return this.id; }
  get roomJoined() { return this.roomState === 'joined'; }
  get stageStatus() { return this.#stage.status; }

  /** Whether media of this page is being sent, or on the way to be. */
  get isPublishing() { return this.#publisher.isOpen; }

  /** Whether this page has the turn that runs. */
  get hasTurn() { return this.#publisher.hasTurn; }

  setName() { /* the name stands in the token */ }
  pin() { return notHere('pin'); }
  unpin() { return notHere('unpin'); }

  async hide() { this.#setHidden(true); }
  show() { this.#setHidden(false); }

  #setHidden(hidden) {
    this.hidden = hidden;
    this.emit('toggleTile', { hidden });
  }

  /** @returns {Promise<RTCStatsReport|null>} of what is being sent */
  stats() { return this.#publisher.stats(); }

  async #changed(takesTurn) {
    if (takesTurn && this.#stage.status === 'ON_STAGE') this.#publisher.take();
    this.permissions.review();
    await this.#publisher.sync();
  }

  /** This page's person goes on stage: what is enabled leaves from ON_STAGE on. */
  takeTurn() {
    this.#publisher.take();
    this.#publisher.sync().catch((err) => this.#failed(err));
  }

  /** Silence first; whatever is said to the server comes after it. */
  silence() {
    this.#publisher.giveUp();
    this.closeDevices();
  }

  /** The stage has spoken: what leaves this page follows, before anybody hears of it. */
  takeStatus(status, previous) {
    if (status === 'OFF_STAGE' && previous !== 'OFF_STAGE') this.silence();
    else this.#publisher.sync().catch((err) => this.#failed(err));
    this.permissions.review();
  }

  takeSuspended(suspended) {
    if (suspended === this.#suspended) return;
    this.#suspended = suspended;
    if (suspended) {
      this.#publisher.stop();
      this.suspend();
    } else {
      this.restore().catch((err) => this.#failed(err));
    }
    this.permissions.review();
  }

  /** Somebody has to be told; the turn itself goes on. */
  #failed(error) {
    if (error.code !== 'aborted') this.emit('mediaError', error);
  }

  /** Takes the server's answer to meeting.join over. */
  take(joined) {
    const before = this.#stage.status;
    this.id = joined.self.peerId;
    this.#peers.add(this.id);
    this.name = joined.self.displayName;
    this.presetName = joined.self.preset;
    if (inTurn(before) && !inTurn(joined.self.status)) this.silence();
    else if (!this.owns(joined.publisherPeerId)) this.#publisher.giveUp();
    this.takeOnAir(joined.self.onAir);
  }

  /** Whether a turn's connection is, or was, this page's. @param {string} [peerId] absent: nobody's */
  owns(peerId) {
    return peerId === undefined || this.#peers.has(peerId);
  }

  /** Everything of the join is in place. */
  tellJoined(joined) {
    // The server may not have missed the former connection yet. When it does, the turn has to hang on this one.
    const { publisherPeerId: holder } = joined;
    if (holder !== this.id && this.#peers.has(holder)) this.#stage.keepTurn().catch((err) => this.#failed(err));
    this.takeSuspended(this.#stage.suspended);
    this.permissions.takeJoined(joined);
    this.roomState = 'joined';
    this.reconnected = this.#joinedOnce;
    this.#joinedOnce = true;
    this.#publisher.sync().catch((err) => this.#failed(err));
    this.emit('roomJoined', { reconnected: this.reconnected });
  }

  /** @param {'disconnected'|'left'|'failed'} state */
  tellLeft(state) {
    if (this.roomState === state) return;
    const was = this.roomState;
    this.roomState = state;
    if (state !== 'disconnected') this.silence();
    if (was === 'joined' || state !== 'disconnected') this.emit('roomLeft', { state });
  }

  takeOnAir(onAir) {
    if (this.onAir === onAir) return;
    this.onAir = onAir;
    this.emit('onAirUpdate', onAir);
  }
}
