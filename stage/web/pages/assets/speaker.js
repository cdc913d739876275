// One's own way to the stage and back: what the person at this page does and
// what they are shown. Devices are opened, and the stage is joined, by a press
// on this page only: nobody else's act starts a camera.

const PULSE_MS = 250;
/** Without a packet for so long it is not on air, in ms. */
const SILENT_MS = 1000;

/** The statuses in which a turn is granted or runs. */
const TURN = ['ACCEPTED_TO_JOIN_STAGE', 'ON_STAGE'];
const KINDS = ['audio', 'video'];

/** @typedef {'audio'|'video'} Kind */

export class Speaker {
  #meeting;
  #change;
  #packets = 0;
  #sentAt = -Infinity;
  #pulse = 0;
  #switching = Promise.resolve(); // settles when no device is being opened or closed
  #going = false; // the press for this turn was made, and the grant is on its way

  /**
   * @param {import('/sdk/meeting.js').Meeting} meeting
   * @param {() => void} change is called when anything that is shown may differ
   */
  constructor(meeting, change) {
    this.#meeting = meeting;
    this.#change = change;
    this.onAir = false;
    this.busy = false;
    /** @type {string} why the last press had no effect */
    this.problem = '';
    const { stage, self } = meeting;
    stage.on('stageStatusUpdate', (status, { previous }) => {
      if (status === 'OFF_STAGE' && previous !== 'OFF_STAGE') this.#going = false;
    });
    for (const event of ['stageStatusUpdate', 'stagePositionUpdate', 'stageTimeUpdate', 'stageSuspended', 'stageRequestApproved']) {
      stage.on(event, () => this.#changed());
    }
    for (const event of ['audioUpdate', 'videoUpdate']) self.on(event, () => this.#changed());
    self.on('mediaError', (err) => {
      this.problem = whyNot(err);
      this.#changed();
    });
    this.#pulse = setInterval(() => this.#measure(), PULSE_MS);
    addEventListener('pagehide', () => clearInterval(this.#pulse));
  }

  /** @returns {Kind[]} what may be sent: what the grant covers, or both while there is none */
  get granted() {
    return this.#meeting.stage.turn?.media ?? ['audio', 'video'];
  }

  /** @param {Kind} kind */
  isOn(kind) {
    const { self } = this.#meeting;
    return kind === 'audio' ? Boolean(self.audioEnabled) : Boolean(self.videoEnabled);
  }

  /** Opens one device, or closes it. Off stage nobody but this page sees it. @param {Kind} kind */
  toggle(kind) {
    if (this.isOn(kind)) return this.#press(() => this.#switch(kind, false)); // closing waits for nothing
    return this.#device(() => this.#switch(kind, true));
  }

  /** Takes another camera or microphone, now if its kind is open. @param {MediaDeviceInfo} device */
  use(device) {
    return this.#device(() => this.#meeting.self.setDevice(device));
  }

  ask() {
    return this.#once(() => this.#meeting.stage.requestAccess());
  }

  cancel() {
    return this.#press(() => this.#meeting.stage.cancelRequestAccess());
  }

  leave() {
    return this.#press(() => this.#meeting.stage.leave());
  }

  /** Goes on stage: by own right, or after a grant. Without any open device it opens what is granted. */
  go() {
    return this.#once(async () => {
      const { stage } = this.#meeting;
      const byOwnRight = stage.status === 'OFF_STAGE';
      this.#going = true;
      await this.#switching;
      if (!this.granted.some((kind) => this.isOn(kind))) await this.#openAll();
      if (byOwnRight) await stage.requestAccess();
      await this.#accepted();
      for (const kind of KINDS) if (!this.granted.includes(kind)) await this.#switch(kind, false);
      // While devices opened, the turn of this press may have ended: another is not joined by it.
      if (!this.#going) throw Object.assign(new Error('the turn ended'), { code: '2006' });
      await stage.join();
    });
  }

  /** Whether the press for this turn was made. */
  get going() {
    return this.#going;
  }

  // The answer to requestAccess comes before the event that carries the status.
  #accepted() {
    const { stage } = this.#meeting;
    if (stage.status === 'ACCEPTED_TO_JOIN_STAGE' || !this.#going) return undefined;
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer);
        stage.off('stageStatusUpdate', heard);
        settle(value);
      };
      const heard = (status) => status === 'ACCEPTED_TO_JOIN_STAGE' && end(resolve);
      const timer = setTimeout(() => end(reject, new Error('the stage did not let you in in time')), 5000);
      stage.on('stageStatusUpdate', heard);
    });
  }

  async #openAll() {
    const problems = [];
    for (const kind of this.granted) {
      await this.#switch(kind, true).catch((err) => problems.push(err)); // one device is enough
    }
    if (problems.length === this.granted.length) throw problems[0];
  }

  async #switch(kind, on) {
    const { self, stage } = this.#meeting;
    const name = kind === 'audio' ? 'Audio' : 'Video';
    if (!on) await self[`disable${name}`]();
    else if (TURN.includes(stage.status)) await self[`enable${name}`]();
    else await self.setupTracks({ [kind]: true }); // for oneself only
  }

  // One device after the other; a step to the stage waits for them.
  #device(step) {
    this.#switching = this.#switching.then(() => this.#press(step));
    return this.#switching;
  }

  // A second press while the first is under way is the same press.
  async #once(step) {
    if (this.busy) return;
    this.busy = true;
    await this.#press(step);
    this.busy = this.#going = false;
    this.#changed();
  }

  async #press(step) {
    this.problem = '';
    this.#change();
    try {
      await step();
    } catch (err) {
      this.problem = whyNot(err);
    }
    this.#changed();
  }

  // On air is what is counted as it leaves, not what somebody says.
  async #measure() {
    if (this.#meeting.stage.status !== 'ON_STAGE') return;
    const packets = await packetsSent(this.#meeting.self);
    if (packets > this.#packets) this.#sentAt = performance.now();
    this.#packets = packets;
    this.#changed();
  }

  #changed() {
    const { stage } = this.#meeting;
    if (stage.status !== 'ON_STAGE') {
      this.#packets = 0;
      this.#sentAt = -Infinity;
    }
    this.onAir = stage.status === 'ON_STAGE' && performance.now() - this.#sentAt < SILENT_MS;
    this.#change();
  }
}

/** @returns {Promise<number>} RTP packets that have left this page in the running publication */
async function packetsSent(self) {
  const report = await self.stats();
  let packets = 0;
  for (const s of report?.values() ?? []) if (s.type === 'outbound-rtp') packets += s.packetsSent;
  return packets;
}

const DEVICES = {
  NotAllowedError: 'This page may not use the camera or the microphone. Allow it in the browser’s bar, and press again.',
  NotFoundError: 'No camera or microphone was found. Plug one in, and press again.',
  NotReadableError: 'The camera or the microphone is busy: another program holds it.',
  OverconstrainedError: 'The chosen camera or microphone is gone. Choose another.',
};

const REFUSALS = {
  'connection-lost': 'There is no connection to the stage just now. Try again when it is back.',
  timeout: 'The stage server did not answer. Try again.',
  2001: 'This access does not allow that.',
  2003: 'The stage is switched off in this meeting.',
  2006: 'That is not possible any more: the situation has changed.',
  2101: 'The stage is full just now.',
  2102: 'No requests are taken just now: they are closed, or the queue is full.',
  2105: 'The time to come on stage has run out.',
};

/** @returns {string} why a press had no effect, for the person who pressed */
function whyNot(err) {
  if (err.code === '2103') {
    const seconds = Math.ceil((err.data?.retryAfterMs ?? 0) / 1000);
    return seconds ? `Too soon after the last answer. Ask again in ${seconds} s.` : 'Too soon after the last answer. Wait a little.';
  }
  return REFUSALS[err.code] ?? DEVICES[err.name] ?? DEVICES[err.cause?.name] ?? String(err.message);
}
