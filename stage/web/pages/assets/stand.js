import { duration, left, msUntil, phase } from './clock.js';
import { byId, setText } from './dom.js';

// Where one stands towards the stage, in large words, and the one or two
// buttons that make sense there.

const BUTTONS = ['ask', 'go', 'cancel', 'decline', 'leave'];

const SAID = { warning: 'Your speaking time is nearly over.', over: 'Your speaking time is over.', paused: '', running: '', unlimited: '' };

/** @returns {{ms: number|null, phase: string}} what is left of one's own speaking time; null: no end */
export function ownTime(meeting) {
  const { time } = meeting.stage;
  if (!time || time.phase === 'unlimited') return { ms: null, phase: 'unlimited' };
  if (!time.endsAt) return { ms: time.remainingMs, phase: time.phase };
  const ms = msUntil(time.endsAt);
  // Between two words of the server the clock goes on.
  const now = time.phase === 'warning' && ms >= 0 ? 'warning' : phase(ms, meeting.settings?.speakingWarningMs ?? 0);
  return { ms, phase: now };
}

export class Stand {
  #meeting;
  #speaker;
  #may;
  #why = '';

  /**
   * @param {import('/sdk/meeting.js').Meeting} meeting
   * @param {import('./speaker.js').Speaker} speaker
   * @param {'ALLOWED'|'CAN_REQUEST'} may
   */
  constructor(meeting, speaker, may) {
    this.#meeting = meeting;
    this.#speaker = speaker;
    this.#may = may;
    const on = (id, step) => byId(id).addEventListener('click', () => {
      this.#why = '';
      step();
    });
    on('ask', () => speaker.ask());
    on('go', () => speaker.go());
    on('cancel', () => speaker.cancel());
    on('decline', () => speaker.leave());
    on('leave', () => speaker.leave());
    setInterval(() => this.#tick(), 500);
  }

  /** @param {string} why the last turn or request ended */
  ended(why) {
    this.#why = why;
    this.show();
  }

  show() {
    const { problem, busy } = this.#speaker;
    const { title, hint, buttons } = this.#words();
    setText(byId('state'), title);
    setText(byId('hint'), hint);
    setText(byId('said'), `${title}. ${hint}`);
    setText(byId('problem'), problem);
    byId('problem').hidden = !problem;
    const focused = BUTTONS.includes(document.activeElement?.id);
    for (const id of BUTTONS) {
      byId(id).hidden = !buttons.includes(id);
      byId(id).setAttribute('aria-disabled', String(busy));
    }
    // Whoever pressed by keyboard finds the next step under the fingers.
    if (focused && document.activeElement.hidden) (buttons.length ? byId(buttons[0]) : byId('main')).focus();
    this.#air();
    this.#tick();
  }

  #words() {
    const { stage, settings } = this.#meeting;
    switch (stage.status) {
      case 'REQUESTED_TO_JOIN_STAGE':
        return {
          title: stage.position === 1 ? 'You are next' : `Waiting, number ${stage.position || '…'}`,
          hint: 'The host has been told. You can turn on your camera and microphone meanwhile.', buttons: ['cancel'],
        };
      case 'ACCEPTED_TO_JOIN_STAGE':
        return {
          title: stage.turn?.invited ? 'You are invited on stage' : 'You may speak',
          hint: this.#covers(), buttons: ['go', 'decline'],
        };
      case 'ON_STAGE':
        return this.#onStage();
      default:
        if (settings?.stageEnabled === false) return { title: 'The stage is switched off', hint: 'A host can switch it on again.', buttons: [] };
        return this.#offStage(settings);
    }
  }

  #onStage() {
    const { stage } = this.#meeting;
    if (stage.suspended) {
      return { title: 'Suspended', hint: 'The chair holds priority. Nothing of you is passed on; you go on by yourself afterwards.', buttons: ['leave'] };
    }
    if (this.#speaker.onAir) return { title: 'On air', hint: this.#heard(), buttons: ['leave'] };
    const off = !this.#speaker.granted.some((kind) => this.#speaker.isOn(kind));
    return {
      title: 'On stage, not on air',
      hint: off ? 'Your camera and microphone are off.' : 'Nothing has left yet. Wait for the red mark.', buttons: ['leave'],
    };
  }

  #offStage(settings) {
    if (this.#may === 'ALLOWED') return { title: 'Off stage', hint: `${this.#why} You may go on stage when you like.`.trim(), buttons: ['go'] };
    if (settings?.requestsClosed) return { title: 'Requests are closed', hint: `${this.#why} Wait until a host opens them.`.trim(), buttons: [] };
    return { title: 'Off stage', hint: `${this.#why} Ask for the floor: a host decides.`.trim(), buttons: ['ask'] };
  }

  #covers() {
    return this.#speaker.granted.includes('video') ? '' : 'For sound only: no picture is sent.';
  }

  #heard() {
    const [seen, heard] = [this.#speaker.isOn('video'), this.#speaker.isOn('audio')];
    if (seen && heard) return 'Everybody sees and hears you.';
    if (seen) return 'Everybody sees you. Your microphone is off.';
    return `Everybody hears you. ${this.#covers() || 'Your camera is off.'}`;
  }

  #air() {
    const air = byId('air');
    const onStage = this.#meeting.stage.status === 'ON_STAGE';
    const live = onStage && this.#speaker.onAir && !this.#meeting.stage.suspended;
    air.dataset.onair = document.body.dataset.onair = String(live);
    setText(air, live ? 'On air' : 'Not on air');
  }

  #tick() {
    const { stage } = this.#meeting;
    const box = byId('time');
    if (stage.status === 'ACCEPTED_TO_JOIN_STAGE' && stage.turn?.expiresAt) {
      const ms = msUntil(stage.turn.expiresAt);
      this.#time(`${duration(Math.max(0, Math.floor(ms / 1000)))} to go on stage`, 'expiry');
      return;
    }
    const { ms, phase: now } = stage.status === 'ON_STAGE' ? ownTime(this.#meeting) : { ms: null, phase: '' };
    if (ms === null) box.hidden = true;
    else this.#time(now === 'paused' ? `${left(ms)}, paused` : left(ms), now);
    setText(byId('time-said'), SAID[now] ?? '');
  }

  #time(text, now) {
    const box = byId('time');
    box.hidden = false;
    box.dataset.phase = now;
    setText(box, text);
  }
}
