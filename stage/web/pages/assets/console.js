import { act as carryOut, identify } from './actions.js';
import { Chime } from './chime.js';
import { setClock } from './clock.js';
import { confirmButtons } from './confirm.js';
import { byId, nameOf, setText } from './dom.js';
import { shortcuts } from './keys.js';
import { Many } from './many.js';
import { Mine } from './mine.js';
import { News } from './news.js';
import { showCard, start } from './page.js';
import { People } from './people.js';
import { PodiumsDialog } from './podiums.js';
import { PriorityControl } from './priority.js';
import { Queue } from './queue.js';
import { RecordDialog } from './record.js';
import { SettingsDialog } from './settings.js';
import { StageList } from './stagelist.js';
import { Subscriptions, wanted } from './subscriptions.js';

const CHANGES = ['participantJoined', 'participantLeft', 'stageStatusUpdate', 'turnUpdate', 'onAirUpdate'];

start((meeting) => {
  if (!meeting.self.permissions.acceptStageRequests) {
    showCard('This access is not a host’s',
      `${nameOf(meeting.self)} may not decide about requests. Paste a host’s access token, or open the watch page instead.`);
    return;
  }
  setClock();
  confirmButtons();
  const act = (action, person) => (action === 'identify' ? identify(meeting, person) : carryOut(meeting, action, [person]));
  const subscriptions = new Subscriptions(meeting, {
    media: ['video'], // the console is silent: nobody needs a second sound in the hall
    onStream: (userId, stream) => stage.newStream(userId, stream),
  });
  const queue = new Queue(act);
  const many = new Many(meeting);
  const stage = new StageList(act, (userId) => subscriptions.streamOf(userId), () => meeting.settings?.speakingWarningMs ?? 0);
  const people = new People(act);
  const mine = new Mine(meeting);
  const news = new News(meeting, new Chime());
  new PriorityControl(meeting);
  new SettingsDialog(meeting);
  new RecordDialog(meeting);
  new PodiumsDialog(meeting);

  const show = () => {
    const all = meeting.participants.joined.toArray();
    const near = all.filter((p) => p.stageStatus === 'ON_STAGE' || p.stageStatus === 'ACCEPTED_TO_JOIN_STAGE');
    subscriptions.keep(wanted(all));
    stage.show(near);
    count(near.filter((p) => p.stageStatus === 'ON_STAGE').length + (mine.on ? 1 : 0), near.length);
    people.show(all.filter((p) => p.stageStatus === 'OFF_STAGE'), meeting.participants.viewerCount);
  };
  const waiting = (requests) => {
    queue.show(requests);
    many.show(requests.length);
    news.count(requests.length);
  };
  for (const event of CHANGES) meeting.participants.joined.on(event, show);
  meeting.on('viewerCountUpdate', show);
  meeting.stage.on('stageStatusUpdate', show);
  meeting.stage.on('stageAccessRequestUpdate', waiting);
  waiting(meeting.stage.getAccessRequests().stageRequests);
  show();
  shortcuts();
});

/** @param {number} on stage, oneself included @param {number} near on stage or expected there, without oneself */
function count(on, near) {
  setText(byId('stage-count'), on ? String(on) : '');
  byId('stage-empty').hidden = on + near > 0;
}
