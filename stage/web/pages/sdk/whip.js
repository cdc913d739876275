import { StageError } from './errors.js';

/** How long the server may take to answer, in ms. */
const ANSWER_MS = 8000;
/** A connection that is not up after this long is tried afresh, in ms. */
const CONNECT_MS = 8000;
/** So long nothing may come back of the server before it is tried afresh, in ms. */
const SILENT_MS = 2000;
/** At most so much is sent, in bit/s. */
const MOST = { audio: 64_000, video: 1_800_000 };

/** What the stage's engine carries, and what of a browser's codecs that is. */
const CARRIED = {
  audio: (codec) => codec.mimeType.toLowerCase() === 'audio/opus',
  video: (codec) => codec.mimeType.toLowerCase() === 'video/h264'
    && /packetization-mode=1/.test(codec.sdpFmtpLine) && /profile-level-id=42e0/i.test(codec.sdpFmtpLine),
};

/**
 * One publication by WHIP (RFC 9725): it goes from start() to stop() and lives
 * once. What is not granted is not offered.
 */
export class Publication {
  #pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  /** @type {Partial<Record<import('./capture.js').Kind, RTCRtpSender>>} */
  #senders = {};
  #place;
  #resource = '';
  #onState;
  #stopped = false;
  #bytes = 0;
  #heardAt = performance.now();

  #tracks;

  /**
   * @param {import('./access.js').Place} place
   * @param {() => Partial<Record<import('./capture.js').Kind, MediaStreamTrack>>} tracks what to send at present
   * @param {(state: RTCPeerConnectionState) => void} onState is not called after stop()
   */
  constructor(place, tracks, onState) {
    this.#place = place;
    this.#tracks = tracks;
    this.#onState = onState;
    const stream = new MediaStream();
    for (const kind of place.media) {
      const transceiver = this.#pc.addTransceiver(kind, {
        direction: 'sendonly', streams: [stream], sendEncodings: [{ maxBitrate: MOST[kind] }],
      });
      transceiver.setCodecPreferences(codecsFor(kind));
      this.#senders[kind] = transceiver.sender;
    }
    this.#pc.onconnectionstatechange = () => this.#onState(this.#pc.connectionState);
  }

  async start() {
    await this.update();
    await this.#pc.setLocalDescription();
    this.#check();
    const answer = await this.#post(this.#pc.localDescription.sdp);
    const sdp = await answer.text();
    if (answer.status !== 201) throw refusal(answer, sdp);
    this.#resource = new URL(answer.headers.get('Location') ?? '', answer.url).href;
    if (this.#stopped) this.#delete();
    this.#check();
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Sends what there is to send at present; a kind without a track is silent. */
  async update() {
    for (const [kind, sender] of Object.entries(this.#senders)) {
      const track = this.#tracks()[kind] ?? null;
      if (sender.track !== track) await sender.replaceTrack(track);
    }
  }

  /** Nothing leaves when it returns; the server is told after that. Idempotent. */
  stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
    if (this.#resource) this.#delete();
  }

  /** @returns {Promise<RTCStatsReport>} */
  stats() {
    return this.#pc.getStats();
  }

  /**
   * Notices a path that is dead long before the browser calls it failed: the
   * server reports on what it receives several times a second.
   * @returns {Promise<boolean>} whether the server was heard of late on this path
   */
  async isAlive() {
    const now = performance.now();
    let bytes = -1;
    for (const s of (await this.stats()).values()) if (s.type === 'transport') bytes = s.bytesReceived;
    const connected = this.#pc.connectionState === 'connected';
    if (bytes !== this.#bytes) this.#heardAt = now;
    this.#bytes = bytes;
    return this.#stopped || now - this.#heardAt < (connected ? SILENT_MS : CONNECT_MS);
  }

  #check() {
    if (this.#stopped) throw new StageError('aborted', 'publishing was ended');
  }

  async #post(body) {
    const { url, token } = this.#place;
    try {
      return await fetch(url, {
        method: 'POST', body, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS),
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' },
      });
    } catch (err) {
      throw new StageError('connection-lost', `cannot publish: ${err.message}`);
    }
  }

  #delete() {
    fetch(this.#resource, {
      method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${this.#place.token}` },
    }).catch(() => {}); // the server ends it by itself when nothing comes any more
  }
}

function refusal(answer, body) {
  return new StageError('refused', `cannot publish: ${body.slice(0, 200).trim() || `HTTP ${answer.status}`}`, { data: { status: answer.status } });
}

/** Offers only what will be sent: a server may take the first codec offered for the one that comes. */
function codecsFor(kind) {
  const { codecs } = RTCRtpSender.getCapabilities(kind);
  const carried = codecs.filter(CARRIED[kind]);
  if (carried.length === 0) {
    throw new StageError(2004, `this browser cannot send ${kind === 'video' ? 'H.264 (constrained baseline)' : 'Opus'}, which the stage carries`);
  }
  return [...carried, ...codecs.filter((codec) => codec.mimeType.toLowerCase() === `${kind}/rtx`)];
}
