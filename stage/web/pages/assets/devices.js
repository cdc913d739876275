import { byId, el, plain, setText } from './dom.js';
import { icon } from './icons.js';

const WORDS = { audio: ['Microphone', 'microphone', 'audioinput'], video: ['Camera', 'camera', 'videoinput'] };
const KINDS = ['audio', 'video'];

/** The mirror: one's own picture and level, the two switches and the choice of devices. */
export class Devices {
  #meeting;
  #speaker;
  #video = el('video', { autoplay: true, playsinline: true, 'aria-label': 'Your own picture' });
  #cover = el('p', { class: 'cover' });
  #tracks = { audio: null, video: null };
  #analyser = null;

  /**
   * @param {import('/sdk/meeting.js').Meeting} meeting
   * @param {import('./speaker.js').Speaker} speaker
   */
  constructor(meeting, speaker) {
    this.#meeting = meeting;
    this.#speaker = speaker;
    this.#video.muted = true;
    byId('preview').append(this.#video, this.#cover);
    for (const kind of KINDS) {
      const [, id] = WORDS[kind];
      byId(id).append(icon(id), el('span'));
      byId(id).addEventListener('click', () => speaker.toggle(kind));
      byId(`${id}-choice`).addEventListener('change', (event) => this.#choose(event.target));
    }
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#list());
    setInterval(() => this.#measure(), 100);
  }

  show() {
    const { self, stage } = this.#meeting;
    const granted = this.#speaker.granted;
    for (const kind of KINDS) {
      const [word, id] = WORDS[kind];
      const on = this.#speaker.isOn(kind);
      byId(id).setAttribute('aria-pressed', String(on));
      byId(id).hidden = !granted.includes(kind);
      byId(id).disabled = stage.suspended;
      setText(byId(id).querySelector('span'), `${word} ${on ? 'on' : 'off'}`);
    }
    this.#show('video', self.videoEnabled ? self.videoTrack : null);
    this.#show('audio', self.audioEnabled ? self.audioTrack : null);
    this.#cover.hidden = Boolean(this.#tracks.video);
    setText(this.#cover, granted.includes('video') ? 'Your camera is off' : 'Sound only');
    setText(byId('privacy'), whoSees(stage));
  }

  /** Closes what is open: after a turn, no device stays on unseen. */
  async close() {
    const { self } = this.#meeting;
    if (self.videoEnabled) await self.disableVideo();
    if (self.audioEnabled) await self.disableAudio();
    this.show();
  }

  #show(kind, track) {
    if (this.#tracks[kind] === (track ?? null)) return;
    this.#tracks[kind] = track ?? null;
    if (kind === 'video') this.#video.srcObject = track ? new MediaStream([track]) : null;
    else this.#listen(track);
    if (track) this.#list();
  }

  #listen(track) {
    this.#analyser?.context.close();
    this.#analyser = null;
    if (!track) return;
    const context = new AudioContext();
    this.#analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
  }

  #measure() {
    let level = 0;
    if (this.#analyser) {
      const samples = new Float32Array(this.#analyser.fftSize);
      this.#analyser.getFloatTimeDomainData(samples);
      level = Math.min(1, Math.max(...samples.map(Math.abs)) * 1.5);
    }
    byId('level').style.width = `${Math.round(level * 100)}%`;
  }

  // Names of devices are told only after one was allowed.
  async #list() {
    const all = await navigator.mediaDevices.enumerateDevices();
    for (const kind of KINDS) {
      const [word, id, type] = WORDS[kind];
      const current = this.#tracks[kind]?.getSettings().deviceId;
      const of = all.filter((d) => d.kind === type && d.deviceId);
      byId(`${id}-choice`).replaceChildren(...of.map((d, i) => el('option', {
        value: d.deviceId, text: plain(d.label) || `${word} ${i + 1}`, selected: d.deviceId === current,
      })));
    }
    byId('devices').hidden = !all.some((d) => d.deviceId);
  }

  async #choose(select) {
    const device = (await navigator.mediaDevices.enumerateDevices()).find((d) => d.deviceId === select.value);
    if (device) await this.#speaker.use(device);
  }
}

function whoSees(stage) {
  if (stage.suspended) return 'Camera and microphone are closed while the chair holds priority.';
  return stage.status === 'ON_STAGE'
    ? 'What is on goes to everybody.' : 'Only you see and hear this. Nothing is sent before you go on stage.';
}
