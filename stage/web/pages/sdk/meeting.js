import { Emitter } from './emitter.js';
import { Link } from './link.js';
import { Participants } from './participants.js';
import { Self } from './self.js';
import { getRecord } from './rest.js';
import { Stage } from './access.js';
import { StageError } from './errors.js';
import { claimsOf } from './token.js';

/**
 * One participant's view of a meeting.
 *
 * Events: connectionStateUpdate(state, detail), see link.js;
 * viewerCountUpdate(count); settingsUpdate(settings, by).
 *
 * @typedef {object} Settings what holds for the whole meeting; times in ms
 * @property {boolean} stageEnabled
 * @property {'request'|'fifo'|'open'|'override'} mode
 * @property {number} stageLimit 0: any number
 * @property {number} queueLimit 0: any number
 * @property {boolean} requestsClosed
 * @property {('audio'|'video')[]} media what a grant covers that does not say it
 * @property {number} grantExpiryMs 0: never
 * @property {number} speakingTimeMs 0: without end
 * @property {number} speakingWarningMs 0: none
 * @property {'warn'|'off'} speakingEnd
 * @property {number} rejectionWaitMs
 * @property {'suspend'|'remove'} priority
 */
export class Meeting extends Emitter {
  #link;

  /** @param {{server: string, token: string}} options */
  constructor({ server, token }) {
    super();
    const claims = claimsOf(token);
    if (!claims) throw new StageError('refused', 'this is not an access token');
    /** @type {string} base URL of the server */
    this.server = server;
    /** @type {string} needed for the media, see whep.js */
    this.token = token;
    this.meta = Object.assign(new Emitter(), { meetingTitle: claims.meeting, roomName: claims.meeting });
    this.stage = new Stage((method, params) => this.#link.call(method, params));
    this.self = new Self(claims, this.stage);
    this.participants = new Participants(claims.sub);
    /** @type {Settings|null} null before the first join */
    this.settings = null;
    this.#link = new Link({
      server, token,
      onState: (state, detail) => this.emit('connectionStateUpdate', state, detail),
      onJoined: (joined) => this.#joined(joined),
      onNotification: (method, params) => this.#hear(method, params),
    });
  }

  /** @returns {import('./link.js').LinkState} */
  get connectionState() {
    return this.#link.state;
  }

  /** Connects. Called by connect(). */
  open() {
    this.#link.start();
  }

  /**
   * Changes settings of the meeting, for everybody.
   * @param {Partial<Settings>} patch
   * @returns {Promise<Settings>} all of them afterwards
   */
  async updateSettings(patch) {
    const { settings } = await this.#link.call('meeting.updateSettings', patch);
    return settings;
  }

  /**
   * Who was on stage, from when to when, let in by whom. For hosts.
   * @returns {Promise<object[]>}
   */
  record() {
    return getRecord(this);
  }

  /** Leaves the meeting on purpose: no lease, the status falls at once. */
  async leave() {
    await this.#link.call('meeting.leave').catch(() => {}); // when it is lost, it is left
    this.close();
  }

  /** Ends the connection without a word; the lease runs on. */
  close() {
    this.self.roomJoined = false;
    this.#link.close();
  }

  #joined(joined) {
    this.self.take(joined);
    this.participants.replace(joined.participants);
    if (joined.stageRequests) this.participants.orderBy(joined.stageRequests);
    this.stage.takeJoined(joined);
    this.#viewers(joined.viewerCount);
    this.#takeSettings(joined.settings);
  }

  #hear(method, params) {
    if (method === 'stageAccessRequestUpdate') this.participants.orderBy(params.stageRequests);
    if (this.stage.hear(method, params)) return;
    switch (method) {
      case 'participantJoined':
      case 'participantUpdate':
      case 'participantOnAirUpdate':
        if (params.participant.userId === this.self.userId) this.#takeSelf(params.participant);
        this.participants.update(params.participant);
        break;
      case 'participantLeft':
        this.participants.drop(params.participant.userId);
        break;
      case 'participantStageStatusUpdate':
        this.participants.statusUpdate({ ...params.participant, status: params.status }, { reason: params.reason, by: params.by });
        break;
      case 'meetingSettingsUpdate':
        this.#takeSettings(params.settings, params.by);
        break;
      case 'viewerCountUpdate':
        this.#viewers(params.count);
        break;
      default: // a newer server may say more than this client knows
    }
  }

  /** What everybody is told of oneself. */
  #takeSelf(wire) {
    this.stage.takeTurn(wire.turn);
    this.self.takeOnAir(wire.onAir);
  }

  #takeSettings(settings, by) {
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    this.settings = settings;
    this.self.permissions.takeSettings(settings);
    this.emit('settingsUpdate', settings, by);
  }

  #viewers(count) {
    this.participants.viewerCount = count;
    this.emit('viewerCountUpdate', count);
  }
}

/**
 * Connects to a stage and joins the token's meeting.
 *
 * @param {object} options
 * @param {string} options.server base URL, such as location.origin
 * @param {string} options.token the participant's access token
 * @param {AbortSignal} [options.signal] gives up while it is not connected yet
 * @param {(state: import('./link.js').LinkState, detail: import('./link.js').LinkDetail, meeting: Meeting) => void}
 *   [options.onState] hears every connection state, the first ones included
 * @returns {Promise<Meeting>} when joined. An unreachable server is tried
 *   again and again; rejected ('refused') when the token is.
 */
export function connect({ server, token, signal, onState }) {
  return new Promise((resolve, reject) => {
    const meeting = new Meeting({ server, token });
    signal?.addEventListener('abort', () => {
      if (meeting.self.roomJoined) return;
      meeting.close();
      reject(new StageError('aborted', 'connecting was given up'));
    });
    meeting.on('connectionStateUpdate', (state, detail) => {
      onState?.(state, detail, meeting);
      if (state === 'connected') resolve(meeting);
      if (state === 'refused') reject(detail.error);
    });
    meeting.open();
  });
}
