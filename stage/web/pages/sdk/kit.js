/**
 * Sees to what user interfaces made for the vendor's client leave open: a
 * dialog to join that stays when the grant has ended, and calls whose refusal
 * nobody shows.
 *
 * @param {import('./meeting.js').Meeting} meeting
 * @param {HTMLElement} element the rtk-meeting or rtk-ui-provider
 * @returns {() => void} ends it
 */
export function accompany(meeting, element) {
  const closeDialog = () => element.dispatchEvent(new CustomEvent('rtkStateUpdate', {
    detail: { activeJoinStage: false }, bubbles: true, composed: true,
  }));
  const onStatus = (status) => {
    if (status !== 'ACCEPTED_TO_JOIN_STAGE') closeDialog();
  };
  const onRefusal = (event) => {
    const { reason } = event;
    if (reason?.name !== 'StageError') return;
    event.preventDefault();
    dispatchEvent(new CustomEvent('rtkSendNotification', { detail: { trace: `stage-error-${reason.code}`, message: reason.message } }));
    onStatus(meeting.stage.status);
  };
  meeting.stage.on('stageStatusUpdate', onStatus);
  addEventListener('unhandledrejection', onRefusal);
  return () => {
    meeting.stage.off('stageStatusUpdate', onStatus);
    removeEventListener('unhandledrejection', onRefusal);
  };
}
