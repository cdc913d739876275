import { act as carryOut } from './actions.js';
import { setClock } from './clock.js';
import { byId, nameOf, setText } from './dom.js';
import { shortcuts } from './keys.js';
import { showCard, start } from './page.js';
import { People } from './people.js';
import { Queue } from './queue.js';
import { StageList } from './stagelist.js';
import { Subscriptions, wanted } from './subscriptions.js';
import { toast } from './toast.js';

start((meeting) => {
  if (!meeting.self.permissions.acceptStageRequests) {
    showCard('This access is not a host’s',
      `${nameOf(meeting.self)} may not decide about requests. Paste a host’s access token, or open the watch page instead.`);
    return;
  }
  setClock();
  const act = (action, person) => {
    if (action === 'grant' && !queue.has(person.userId)) {
      toast(`${nameOf(person)} does not wait any more. Use Invite to ask them on stage.`, 'error');
      return;
    }
    carryOut(meeting, action, person);
  };
  const queue = new Queue(act);
  const subscriptions = new Subscriptions(meeting, {
    media: ['video'], // the console is silent: nobody needs a second sound in the hall
    onStream: (userId, stream) => stage.newStream(userId, stream),
  });
  const stage = new StageList(act, (userId) => subscriptions.streamOf(userId));
  const people = new People(act);

  const show = () => {
    const all = meeting.participants.joined.toArray();
    const near = all.filter((p) => p.stageStatus === 'ON_STAGE' || p.stageStatus === 'ACCEPTED_TO_JOIN_STAGE');
    subscriptions.keep(wanted(all));
    stage.show(near);
    people.show(all.filter((p) => p.stageStatus === 'OFF_STAGE'), meeting.participants.viewerCount);
  };
  for (const event of ['participantJoined', 'participantLeft', 'stageStatusUpdate', 'onAirUpdate']) {
    meeting.participants.joined.on(event, show);
  }
  meeting.on('viewerCountUpdate', show);
  meeting.stage.on('stageAccessRequestUpdate', (requests) => queue.show(requests));
  meeting.stage.on('newStageRequest', ({ count, request }) => announce(count, request));
  queue.show(meeting.stage.getAccessRequests().stageRequests);
  show();
  shortcuts();
});

function announce(count, request) {
  setText(byId('announcer'), `${nameOf(request)} asks for the floor. ${count} waiting.`);
}
