// Package service joins the parts into what the command runs: a podium on its
// device, a stage service, and the demo that is both in one process.
//
// It may import everything but cmd. It must not decide anything that a part
// should: it starts parts in the right order, ends them in the reverse one, and
// translates between their interfaces.
package service
