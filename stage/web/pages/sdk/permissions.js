import { Emitter } from './emitter.js';

/** `meeting.self.permissions`. Event: permissionsUpdate(). */
export class Permissions extends Emitter {
  /** Whether the meeting has a stage at present. */
  stageEnabled = true;
  /** Whether this participant is a host. */
  acceptStageRequests = false;

  /** Only those who may decide get the list of requests, so its presence says who may. */
  takeJoined({ settings, stageRequests }) {
    this.stageEnabled = settings?.stageEnabled ?? true;
    this.acceptStageRequests = stageRequests !== undefined;
    this.emit('permissionsUpdate');
  }

  takeSettings({ stageEnabled }) {
    if (stageEnabled === this.stageEnabled) return;
    this.stageEnabled = stageEnabled;
    this.emit('permissionsUpdate');
  }
}
