package client

import (
	"context"
	"net/http"
	"net/url"

	"podium/stage"
)

// NewPodium says which podium a code is for. Without a UserID it is the next free
// podium-N.
type NewPodium struct {
	UserID      string `json:"userId,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
}

// Code is what a podium is enrolled with, once, within ten minutes.
type Code struct {
	Code        string     `json:"code"`
	ExpiresAt   stage.Time `json:"expiresAt"`
	UserID      string     `json:"userId"`
	DisplayName string     `json:"displayName"`
}

// EnrolledPodium is one that has a credential by a code.
type EnrolledPodium struct {
	UserID      string     `json:"userId"`
	DisplayName string     `json:"displayName"`
	EnrolledAt  stage.Time `json:"enrolledAt"`
	By          string     `json:"by"` // the userId of the host who made the code
	Connected   bool       `json:"connected"`
}

// AddPodium makes a code for a podium.
func (r *REST) AddPodium(ctx context.Context, p NewPodium) (Code, error) {
	var code Code
	return code, r.send(ctx, http.MethodPost, "podiums", p, &code)
}

// Podiums lists the podiums that were enrolled by a code, by userId.
func (r *REST) Podiums(ctx context.Context) ([]EnrolledPodium, error) {
	list := []EnrolledPodium{}
	return list, r.get(ctx, "podiums", &list)
}

// WithdrawPodium takes a podium's credential from it.
func (r *REST) WithdrawPodium(ctx context.Context, userID string) error {
	answer, err := r.do(ctx, http.MethodDelete, "podiums/"+url.PathEscape(userID), nil, http.StatusNoContent)
	if err != nil {
		return err
	}
	return answer.Close()
}
