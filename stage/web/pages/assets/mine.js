import { duration, left, msUntil, secondsSince } from './clock.js';
import { byId, el, setText } from './dom.js';
import { ending } from './endings.js';
import { Speaker } from './speaker.js';
import { ownTime } from './stand.js';
import { toast } from './toast.js';

/** The host's own turn in the console: a strip above those of the others. */
export class Mine {
  #meeting;
  #speaker;
  #strip = byId('mine');
  #video = el('video', { autoplay: true, playsinline: true, 'aria-label': 'Your own picture' });

  /** @param {import('/sdk/meeting.js').Meeting} meeting */
  constructor(meeting) {
    this.#meeting = meeting;
    this.#speaker = new Speaker(meeting, () => this.show());
    this.#video.muted = true;
    byId('mine-picture').append(this.#video);
    byId('go').addEventListener('click', () => this.#speaker.go());
    byId('mine-go').addEventListener('click', () => this.#speaker.go());
    byId('mine-leave').addEventListener('click', () => this.#speaker.leave());
    byId('mine-audio').addEventListener('click', () => this.#speaker.toggle('audio'));
    byId('mine-video').addEventListener('click', () => this.#speaker.toggle('video'));
    meeting.stage.on('stageStatusUpdate', (status, { previous, reason }) => {
      if (status === 'OFF_STAGE' && previous !== 'OFF_STAGE') this.#ended(reason);
    });
    setInterval(() => this.#tick(), 500);
    this.show();
  }

  show() {
    const { stage } = this.#meeting;
    const { problem } = this.#speaker;
    const on = stage.status === 'ON_STAGE';
    const asked = stage.status === 'ACCEPTED_TO_JOIN_STAGE' && !this.#speaker.going;
    const hadFocus = this.#strip.contains(document.activeElement);
    this.#strip.hidden = !on && !asked;
    byId('go').hidden = on || asked;
    byId('go').setAttribute('aria-disabled', String(this.#speaker.busy));
    if (hadFocus && this.#strip.hidden) byId('go').focus();
    byId('mine-go').hidden = on;
    setText(byId('mine-leave'), on ? 'Leave the stage' : 'Decline');
    this.#toggle('audio', 'Microphone', on);
    this.#toggle('video', 'Camera', on);
    this.#picture();
    const live = on && this.#speaker.onAir && !stage.suspended;
    this.#strip.dataset.onair = document.body.dataset.mine = String(live);
    setText(byId('mine-mark'), this.#mark(on, live));
    byId('mine-problem').hidden = !problem;
    setText(byId('mine-problem'), problem);
    this.#tick();
  }

  /** @returns {boolean} whether this host is on stage */
  get on() {
    return this.#meeting.stage.status === 'ON_STAGE';
  }

  #mark(on, live) {
    const { stage } = this.#meeting;
    if (!on) return stage.turn?.invited ? 'Another host invites you on stage' : 'You may go on stage';
    if (stage.suspended) return 'You are suspended';
    return live ? 'You are on air' : 'You are on stage, nothing sent yet';
  }

  #toggle(kind, word, on) {
    const button = byId(`mine-${kind}`);
    const enabled = this.#speaker.isOn(kind);
    button.hidden = !on || !this.#speaker.granted.includes(kind);
    button.setAttribute('aria-pressed', String(enabled));
    setText(button, `${word} ${enabled ? 'on' : 'off'}`);
  }

  #picture() {
    const { self } = this.#meeting;
    const track = self.videoEnabled ? self.videoTrack ?? null : null;
    const shown = this.#video.srcObject?.getVideoTracks()[0] ?? null;
    if (track !== shown) this.#video.srcObject = track ? new MediaStream([track]) : null;
    byId('mine-picture').hidden = !track;
  }

  #tick() {
    const { stage } = this.#meeting;
    setText(byId('mine-time'), this.#time(stage));
    byId('mine-time').dataset.phase = stage.status === 'ON_STAGE' ? ownTime(this.#meeting).phase : 'none';
  }

  #time(stage) {
    if (stage.status === 'ACCEPTED_TO_JOIN_STAGE') {
      const ms = stage.turn?.expiresAt ? msUntil(stage.turn.expiresAt) : 0;
      return ms > 0 ? `${duration(Math.floor(ms / 1000))} to answer` : '';
    }
    if (stage.status !== 'ON_STAGE' || !stage.turn?.onStageAt) return '';
    const since = duration(secondsSince(stage.turn.onStageAt));
    const { ms } = ownTime(this.#meeting);
    return ms === null ? since : `${since} · ${left(ms)}`;
  }

  #ended(reason) {
    const { self } = this.#meeting;
    if (self.videoEnabled) self.disableVideo();
    if (self.audioEnabled) self.disableAudio();
    const why = ending(reason);
    if (why && reason !== 'left' && reason !== 'declined') toast(why);
  }
}
