import { Button } from './button.js';
import { byId, plain, setText } from './dom.js';
import { Lamp, setLamps } from './lamp.js';
import { themeToggle } from './page.js';
import { words } from './words.js';

// The simulated podium: it shows what the podium says and presses its buttons.
// It decides nothing.

const lamps = [new Lamp(byId('lamp-red')), new Lamp(byId('lamp-green'))];

function show(status) {
  setLamps(lamps, [status.lamps.red, status.lamps.green], performance.now());
  const { title, hint } = words(status);
  setText(byId('state'), title);
  setText(byId('hint'), hint);
  setText(byId('label'), plain(status.userId) || 'Podium');
  setText(byId('meeting'), plain(status.meeting));
  faults(status.faults ?? []);
  document.body.dataset.status = status.status;
}

function faults(list) {
  const box = byId('faults');
  box.hidden = list.length === 0;
  setText(box, list.map((f) => (typeof f === 'string' ? plain(f) : `${plain(f.part)}: ${plain(f.text)}`)).join(' · '));
}

function lost() {
  setLamps(lamps, ['off', 'off'], 0);
  setText(byId('state'), 'No contact with the podium');
  setText(byId('hint'), 'It is stopped or out of reach. This page keeps trying.');
  delete document.body.dataset.status;
}

async function press(button, long) {
  byId('problem').hidden = true;
  try {
    const answer = await fetch('/v1/panel/press', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ button, long }),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${plain((await answer.text()).slice(0, 200))}`);
  } catch (err) {
    byId('problem').hidden = false;
    setText(byId('problem'), `The ${button} button had no effect. ${err.message}`);
  }
}

themeToggle();
// Only Cancel has a long press. Held long, Request must not count twice: the
// second could take a turn that was granted meanwhile.
new Button(byId('button-request'), 'r', (long) => long || press('request', false));
new Button(byId('button-cancel'), 'c', (long) => press('cancel', long));

const events = new EventSource('/v1/panel/events');
events.onmessage = (message) => show(JSON.parse(message.data));
events.onerror = lost; // the browser comes back by itself
