import { Emitter } from './emitter.js';
import { Link } from './link.js';
import { Meta } from './meta.js';
import { Participants } from './participants.js';
import { Self } from './self.js';
import { Stage } from './access.js';
import { StageError } from './errors.js';
import { claimsOf } from './token.js';
import { connectedMeetings, internals, recording } from './vendor.js';
import { getRecord } from './rest.js';
import { watch } from './whep.js';

/**
 * @typedef {object} MeetingOptions
 * @property {string} server base URL, such as location.origin
 * @property {string} token the participant's access token
 * @property {boolean} [receive] receive picture and sound of everybody on stage
 *   (participant.videoTrack, audioTrack), for interfaces that play them; false:
 *   only of those whose picture is asked for, or by watch()
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

/**
 * One participant's view of a meeting.
 *
 * Events: connectionStateUpdate(state, detail), see link.js;
 * viewerCountUpdate(count); settingsUpdate(settings, by).
 */
export class Meeting extends Emitter {
  /** @type {Link|null} */
  #link = null;

  /** @param {MeetingOptions} options */
  constructor({ server, token, receive = false }) {
    super();
    const claims = claimsOf(token);
    if (!claims) throw new StageError('refused', 'this is not an access token');
    /** @type {string} base URL of the server */
    this.server = server;
    /** @type {string} needed for the media, see whep.js */
    this.token = token;
    /** @type {Settings|null} null before the first join */
    this.settings = null;
    this.meta = new Meta(claims.meeting);
    this.stage = new Stage((method, params) => this.#call(method, params), {
      joined: () => this.self.takeTurn(),
      leaving: () => this.self.silence(),
      status: (now, before) => this.self.takeStatus(now, before),
      suspended: (suspended) => this.self.takeSuspended(suspended),
    });
    this.self = new Self(claims, this.stage, {
      heardAt: () => this.#link?.heardAt ?? -Infinity,
      leaseMs: () => this.#link?.leaseMs ?? 0,
      ask: () => this.#call('meeting.getSettings').then(() => {}, () => {}), // a refusal is an answer too
      holdsTurn: async () => this.self.owns((await this.#call('meeting.join')).publisherPeerId),
      onState: (state) => this.meta.takeMedia('send', state),
    });
    this.participants = new Participants(claims.sub, (userId, options) => watch(this, userId, {
      ...options, onState: (state) => state === 'connected' && this.meta.takeMedia('recv', state),
    }), receive);
    this.recording = recording();
    this.connectedMeetings = connectedMeetings();
    this.__internals__ = internals();
  }

  /** @returns {import('./link.js').LinkState} */
  get connectionState() {
    return this.#link?.state ?? 'connecting';
  }

  /** @returns {string} of this connection */
  get peerId() {
    return this.self.id;
  }

  /**
   * Connects and joins. An unreachable server is tried again and again;
   * rejected ('refused') when the token is.
   * @returns {Promise<void>}
   */
  join() {
    if (this.self.roomJoined) return Promise.resolve();
    const done = new Promise((resolve, reject) => {
      const listener = (state, detail) => {
        if (state === 'connected') resolve();
        else if (state === 'refused') reject(detail.error);
        else if (state === 'closed') reject(new StageError('aborted', 'the meeting was left before it was joined'));
        else return;
        this.off('connectionStateUpdate', listener);
      };
      this.on('connectionStateUpdate', listener);
    });
    this.open();
    return done;
  }

  /** Begins to connect; connectionStateUpdate tells how it goes. Idempotent. */
  open() {
    if (this.#link && !['closed', 'refused'].includes(this.#link.state)) return;
    this.#link = new Link({
      server: this.server, token: this.token,
      hasTurn: () => this.self.hasTurn,
      onState: (state, detail) => this.#linkChanged(state, detail),
      onJoined: (joined) => this.#joined(joined),
      onNotification: (method, params) => this.#hear(method, params),
    });
    this.#link.start();
  }

  /**
   * Changes settings of the meeting, for everybody.
   * @param {Partial<Settings>} patch
   * @returns {Promise<Settings>} all of them afterwards
   */
  async updateSettings(patch) {
    const { settings } = await this.#call('meeting.updateSettings', patch);
    return settings;
  }

  /**
   * Who was on stage, from when to when, let in by whom. For hosts.
   * @returns {Promise<object[]>}
   */
  record() {
    return getRecord(this);
  }

  /** Leaves the meeting on purpose: silence first, no lease, the status falls at once. */
  async leave() {
    this.self.silence();
    await this.#call('meeting.leave').catch(() => {}); // when it is lost, it is left
    this.close();
  }

  /** Ends the connection without a word, and what is being sent with it; the lease runs on. */
  close() {
    this.self.silence();
    this.participants.stopWatching();
    this.#link?.close();
  }

  #call(method, params) {
    return this.#link?.call(method, params) ?? Promise.reject(new StageError(2005, 'not joined to the meeting'));
  }

  #linkChanged(state, detail) {
    if (state === 'closed') this.self.tellLeft('left');
    else if (state === 'refused') this.self.tellLeft('failed');
    else if (state === 'reconnecting') this.self.tellLeft('disconnected');
    this.meta.takeLink(state, detail, state === 'connected' && this.self.reconnected);
    this.emit('connectionStateUpdate', state, detail);
  }

  #joined(joined) {
    this.self.take(joined);
    this.participants.replace(joined.participants);
    if (joined.stageRequests) this.participants.orderBy(joined.stageRequests);
    this.stage.takeJoined(joined);
    this.#viewers(joined.viewerCount);
    this.#takeSettings(joined.settings);
    this.self.tellJoined(joined);
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
    if (wire.turn || wire.status === this.stage.status) this.stage.takeTurn(wire.turn);
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
 * @param {MeetingOptions & {
 *   signal?: AbortSignal,
 *   onState?: (state: import('./link.js').LinkState, detail: import('./link.js').LinkDetail, meeting: Meeting) => void,
 * }} options `signal` gives up while it is not connected yet; `onState` hears
 *   every connection state, the first ones included
 * @returns {Promise<Meeting>} when joined. An unreachable server is tried
 *   again and again; rejected ('refused') when the token is.
 */
export async function connect({ signal, onState, ...options }) {
  const meeting = new Meeting(options);
  if (onState) meeting.on('connectionStateUpdate', (state, detail) => onState(state, detail, meeting));
  const giveUp = () => meeting.close();
  signal?.addEventListener('abort', giveUp);
  try {
    if (signal?.aborted) throw new StageError('aborted', 'connecting was given up');
    await meeting.join();
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
  return meeting;
}
