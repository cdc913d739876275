package server

import (
	"bytes"

	"podium/stage"
)

// roll is the list of participants in its wire form. What of it has changed is
// encoded anew, and the whole is shared by the answers to all who join until it
// changes again.
type roll struct {
	list  []stage.Participant // by userId
	parts [][]byte            // of each
	data  []byte              // of all
}

// of gives the wire form of a list. The rules give the same list until it changes.
func (r *roll) of(list []stage.Participant) []byte {
	same := len(list) == len(r.list) && (len(list) == 0 || &list[0] == &r.list[0])
	if r.data != nil && same {
		return r.data
	}
	parts, size, old := make([][]byte, len(list)), 2, 0
	for i, p := range list {
		for old < len(r.list) && r.list[old].UserID < p.UserID {
			old++
		}
		if old < len(r.list) && r.list[old] == p {
			parts[i] = r.parts[old]
		} else {
			parts[i] = encode(p)
		}
		size += len(parts[i]) + 1
	}
	data := append(make([]byte, 0, size), '[')
	data = append(append(data, bytes.Join(parts, []byte(","))...), ']')
	r.list, r.parts, r.data = list, parts, data
	return data
}

// joinedRest is stage.Joined without what is encoded apart.
type joinedRest struct {
	stage.Joined
	Self         *struct{} `json:"self,omitempty"`
	Participants *struct{} `json:"participants,omitempty"`
}

// replyJoined answers meeting.join: as reply, with the shared list in the midst.
func (c *conn) replyJoined(r rpcRequest, joined stage.Joined) {
	if r.ID == nil {
		return
	}
	before := append([]byte(`{"jsonrpc":"2.0","id":`), r.ID...)
	before = append(append(before, `,"result":{"self":`...), encode(joined.Self)...)
	before = append(before, `,"participants":`...)
	after := append(encode(joinedRest{Joined: joined}), '}')
	after[0] = ','
	answer := text(before, c.meeting.roll.of(joined.Participants), after)
	c.meeting.parcel.put(func(*listeners) { c.deliver(answer) })
}
