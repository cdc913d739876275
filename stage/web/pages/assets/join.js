import { claimsOf } from '/sdk/stage.js';
import { setClock } from './clock.js';
import { Devices } from './devices.js';
import { byId, nameOf } from './dom.js';
import { ending } from './endings.js';
import { Invitation } from './invitation.js';
import { showCard, start } from './page.js';
import { Speaker } from './speaker.js';
import { Stand } from './stand.js';
import { toast } from './toast.js';

const ACCESS = { host: 'ALLOWED', panelist: 'ALLOWED', podium: 'CAN_REQUEST', viewer: 'NOT_ALLOWED' };

/** Whether this participant may get on stage. The token says so; the server decides. */
function access(meeting) {
  const { preset } = claimsOf(meeting.token);
  return typeof preset === 'string' ? ACCESS[preset] : preset?.stageAccess;
}

start((meeting) => {
  const may = access(meeting);
  if (may === 'NOT_ALLOWED') {
    byId('card-link').hidden = false;
    showCard('This access is for watching',
      `${nameOf(meeting.self)} may not go on stage. Ask the organiser for a speaker’s link, paste its token here, or go to the watch page.`);
    return;
  }
  setClock();
  const speaker = new Speaker(meeting, () => show());
  const stand = new Stand(meeting, speaker, may);
  const invitation = new Invitation(meeting, speaker);
  const devices = new Devices(meeting, speaker);
  const show = () => {
    stand.show();
    invitation.show();
    devices.show();
  };
  meeting.on('settingsUpdate', show);
  meeting.stage.on('stageStatusUpdate', (status, { previous, reason }) => {
    document.body.dataset.status = status;
    if (status !== 'OFF_STAGE' || previous === 'OFF_STAGE') return;
    stand.ended(ending(reason));
    devices.close();
  });
  meeting.stage.on('stageSuspended', ({ suspended }) => {
    toast(suspended ? 'You are suspended: the chair holds priority.' : 'You go on: priority is released.');
  });
  meeting.stage.on('stageIdentify', ({ durationMs }) => identified(durationMs));
  document.body.dataset.status = meeting.stage.status;
  show();
});

let until = 0;

function identified(durationMs) {
  const banner = byId('identified');
  clearTimeout(until);
  banner.hidden = durationMs === 0;
  until = setTimeout(() => { banner.hidden = true; }, durationMs);
}
