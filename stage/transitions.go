package stage

// Cell is one entry of the transition tables: what a method does in a status.
type Cell struct {
	To     Status // the new status; empty when nothing changes
	Reason Reason // of the change
	Err    Code   // refused with this code; 0 when allowed
	Reject bool   // the participant is sent EventRejected
	Remove bool   // the participant is sent EventRemoved
}

var (
	keep       = Cell{}
	wrong      = Cell{Err: CodeWrongStatus}
	noAccess   = Cell{Err: CodePermissionDenied}
	toOff      = func(r Reason) Cell { return Cell{To: OffStage, Reason: r} }
	toRejected = func(r Reason) Cell { return Cell{To: OffStage, Reason: r, Reject: true} }
	removed    = Cell{To: OffStage, Reason: ReasonRemoved, Remove: true}
)

type row map[Status]Cell

// The own methods. requestAccess depends on the access: from OFF_STAGE it stands
// in requestFromOff, and NOT_ALLOWED is refused before the status is looked at. Ours: cancelRequestAccess is refused ON_STAGE,
// where the vendor's SDK goes off and leaves the media running.
var ownRows = map[Method]row{
	RequestAccess:       {Requested: wrong, Accepted: wrong, OnStage: wrong},
	CancelRequestAccess: {OffStage: keep, Requested: toOff(ReasonCancelled), Accepted: toOff(ReasonDeclined), OnStage: wrong},
	Join:                {OffStage: wrong, Requested: wrong, Accepted: {To: OnStage, Reason: ReasonJoined}, OnStage: wrong},
	Leave:               {OffStage: wrong, Requested: wrong, Accepted: toOff(ReasonDeclined), OnStage: toOff(ReasonLeft)},
	Publish:             {OffStage: wrong, Requested: wrong, Accepted: wrong, OnStage: keep},
}

var requestFromOff = map[Access]Cell{
	CanRequest: {To: Requested, Reason: ReasonRequested},
	Allowed:    {To: Accepted, Reason: ReasonRequested},
	NotAllowed: noAccess,
}

// The host methods, per target. Ours: granting to one ON_STAGE changes nothing
// (the SDK drops to ACCEPTED); denying one ON_STAGE is refused, kick is for that;
// targets with ALLOWED are treated like the others (the SDK ignores them).
var hostRows = map[Method]row{
	GrantAccess: {OffStage: {To: Accepted, Reason: ReasonInvited}, Requested: {To: Accepted, Reason: ReasonApproved}, Accepted: keep, OnStage: keep},
	DenyAccess:  {OffStage: keep, Requested: toRejected(ReasonRejected), Accepted: toRejected(ReasonRevoked), OnStage: wrong},
	Kick:        {OffStage: keep, Requested: removed, Accepted: removed, OnStage: removed},
}

// OwnCell looks up one of a participant's own methods; ok is false when the
// method is not one of them.
func OwnCell(method Method, status Status, access Access) (cell Cell, ok bool) {
	if method == RequestAccess && (status == OffStage || access == NotAllowed) {
		cell, ok = requestFromOff[access]
		return cell, ok
	}
	cell, ok = ownRows[method][status]
	return cell, ok
}

// HostCell looks up a host method for a target; ok is false when the method is
// not one of them.
func HostCell(method Method, status Status, access Access) (cell Cell, ok bool) {
	cell, ok = hostRows[method][status]
	if ok && method == GrantAccess && status == OffStage && access == NotAllowed {
		return noAccess, true
	}
	return cell, ok
}
