// Package enrolment is the podium's side of enrolling: it asks the stage for a credential
// with a code, pins the stage's key, and puts both where podium run reads them.
//
// It may import: the standard library, and of podium config, stage/enrol and the packages
// for keys and secrets. It must not start a podium.
package enrolment
