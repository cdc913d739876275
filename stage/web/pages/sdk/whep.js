import { Backoff } from './backoff.js';

/** A connection that is not up after this long is tried afresh, in ms. */
const CONNECT_MS = 8000;
/** So long nothing may come of somebody on air before it is tried afresh, in ms. */
const STALL_MS = 2000;
const CHECK_MS = 500;
/** After a refusal the next try can wait, in ms. */
const REFUSED_MS = 15_000;

/**
 * @typedef {'connecting'|'connected'|'waiting'|'refused'|'stopped'} WatchState
 * @typedef {object} WatchOptions
 * @property {('audio'|'video')[]} [media] default both
 * @property {(track: MediaStreamTrack, stream: MediaStream) => void} [onTrack]
 * @property {(stream: MediaStream) => void} [onStream] a new stream replaces the former
 * @property {(state: WatchState, detail: {status?: number, message?: string}) => void} [onState]
 */

/**
 * Receives one participant's picture and sound by WHEP, and stays at it until
 * stop(): what fails is tried again.
 */
export class Subscription {
  #meeting;
  #userId;
  #options;
  #backoff = new Backoff(300, 5000);
  /** @type {RTCPeerConnection|null} */
  #pc = null;
  #resource = '';
  #round = 0; // numbers the tries, so that a late answer of an old one is recognised
  #retry = 0;
  #check = 0;
  #bytes = 0;
  #progressAt = 0;
  #startedAt = 0;

  /**
   * @param {import('./meeting.js').Meeting} meeting
   * @param {string} userId
   * @param {WatchOptions} options
   */
  constructor(meeting, userId, options) {
    this.#meeting = meeting;
    this.#userId = userId;
    this.#options = options;
    /** @type {MediaStream} of the current try */
    this.stream = new MediaStream();
    /** @type {WatchState} */
    this.state = 'connecting';
    this.#start();
  }

  /** @returns {Promise<RTCStatsReport|null>} */
  async stats() {
    return this.#pc ? this.#pc.getStats() : null;
  }

  /** Ends it and tells the server. Idempotent. */
  stop() {
    if (this.state === 'stopped') return;
    this.#drop();
    this.#set('stopped', {});
  }

  async #start() {
    const round = (this.#round += 1);
    this.#set('connecting', {});
    const pc = this.#makeConnection();
    this.#startedAt = this.#progressAt = performance.now();
    this.#check = setInterval(() => this.#watchProgress(pc), CHECK_MS);
    try {
      await pc.setLocalDescription(await pc.createOffer());
      // The server is ICE-lite and its answer names every candidate: there is
      // nothing to wait for on our side.
      const answer = await this.#post(pc.localDescription.sdp);
      const sdp = await answer.text();
      if (answer.status !== 201) throw new Refusal(answer.status, sdp);
      const resource = new URL(answer.headers.get('Location') ?? '', answer.url).href;
      if (round !== this.#round) {
        this.#delete(resource);
        return;
      }
      this.#resource = resource;
      await pc.setRemoteDescription({ type: 'answer', sdp });
    } catch (err) {
      if (round === this.#round) this.#failed(err);
    }
  }

  #makeConnection() {
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#pc = pc;
    this.stream = new MediaStream();
    for (const kind of this.#options.media ?? ['video', 'audio']) pc.addTransceiver(kind, { direction: 'recvonly' });
    pc.ontrack = ({ track }) => {
      this.stream.addTrack(track);
      this.#options.onTrack?.(track, this.stream);
    };
    pc.onconnectionstatechange = () => this.#connectionChanged(pc);
    this.#options.onStream?.(this.stream);
    return pc;
  }

  #connectionChanged(pc) {
    if (pc !== this.#pc) return;
    if (pc.connectionState === 'connected') {
      this.#backoff.reset();
      this.#progressAt = performance.now();
      this.#set('connected', {});
    } else if (pc.connectionState === 'failed' || pc.connectionState === 'closed') {
      this.#failed(new Error(`media connection ${pc.connectionState}`));
    }
  }

  #post(sdp) {
    const { server, token, meta } = this.#meeting;
    const path = `/v1/whep/${encodeURIComponent(meta.meetingTitle)}/${encodeURIComponent(this.#userId)}`;
    return fetch(new URL(path, server), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
      body: sdp, cache: 'no-store', signal: AbortSignal.timeout(CONNECT_MS),
    });
  }

  /** Notices a connection that never comes up, and one that carries nothing of somebody on air. */
  async #watchProgress(pc) {
    const now = performance.now();
    if (pc.connectionState !== 'connected') {
      if (now - this.#startedAt > CONNECT_MS) this.#failed(new Error('no media connection'));
      return;
    }
    const report = await pc.getStats();
    if (pc !== this.#pc) return;
    let bytes = 0;
    for (const s of report.values()) if (s.type === 'inbound-rtp') bytes += s.bytesReceived;
    const onAir = this.#meeting.participants.byUserId(this.#userId)?.onAir;
    if (bytes !== this.#bytes || !onAir) this.#progressAt = now;
    this.#bytes = bytes;
    if (now - this.#progressAt > STALL_MS) this.#failed(new Error('no media arrives'));
  }

  #failed(err) {
    this.#drop();
    const refused = err instanceof Refusal && (err.status === 401 || err.status === 403);
    this.#set(refused ? 'refused' : 'waiting', { status: err.status, message: err.message });
    this.#retry = setTimeout(() => this.#start(), refused ? REFUSED_MS : this.#backoff.next());
  }

  #drop() {
    this.#round += 1;
    clearTimeout(this.#retry);
    clearInterval(this.#check);
    if (this.#pc) this.#pc.onconnectionstatechange = null;
    this.#pc?.close();
    this.#pc = null;
    this.#bytes = 0;
    if (this.#resource) this.#delete(this.#resource);
    this.#resource = '';
  }

  #delete(resource) {
    fetch(resource, {
      method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${this.#meeting.token}` },
    }).catch(() => {}); // the server ends it by itself when nobody answers any more
  }

  #set(state, detail) {
    if (this.state === state) return;
    this.state = state;
    this.#options.onState?.(state, detail);
  }
}

class Refusal extends Error {
  constructor(status, body) {
    super(`HTTP ${status}: ${body.slice(0, 200).trim()}`);
    this.status = status;
  }
}

/**
 * Watches a participant of the meeting. It may be called before anything is
 * published: the picture then comes without another round trip.
 *
 * @param {import('./meeting.js').Meeting} meeting
 * @param {string} userId
 * @param {WatchOptions} [options]
 * @returns {Subscription}
 */
export function watch(meeting, userId, options = {}) {
  return new Subscription(meeting, userId, options);
}
