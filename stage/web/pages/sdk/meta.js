import { Emitter } from './emitter.js';
import { CONFIG } from './vendor.js';

/** The vendor's names of our connection states. */
const SOCKET = { connecting: 'reconnecting', connected: 'connected', reconnecting: 'reconnecting', refused: 'failed', closed: 'disconnected' };

/**
 * `meeting.meta`. Events: socketConnectionUpdate({state, reconnected, reconnectionAttempt}),
 * mediaConnectionUpdate({transport, state}).
 */
export class Meta extends Emitter {
  /** @param {string} meeting */
  constructor(meeting) {
    super();
    this.meetingTitle = meeting;
    this.roomName = meeting;
    this.meetingId = meeting;
    this.sessionId = '';
    this.viewType = CONFIG.viewType;
    this.selfActiveTab = undefined;
    this.broadcastTabChanges = false;
    /** @type {Date|undefined} not known here */
    this.meetingStartedTimestamp = undefined;
    this.socketState = { state: 'disconnected', reconnected: false, reconnectionAttempt: 0 };
    this.mediaState = { send: { state: 'new' }, recv: { state: 'new' } };
  }

  /** @param {import('./link.js').LinkState} state @param {import('./link.js').LinkDetail} detail @param {boolean} reconnected */
  takeLink(state, { attempt = 0 }, reconnected) {
    this.socketState = { state: SOCKET[state], reconnected, reconnectionAttempt: attempt };
    this.emit('socketConnectionUpdate', this.socketState);
  }

  /** @param {'send'|'recv'} transport @param {string} state */
  takeMedia(transport, state) {
    if (this.mediaState[transport].state === state) return;
    this.mediaState = { ...this.mediaState, [transport]: { state } };
    this.emit('mediaConnectionUpdate', { transport, state });
  }
}
