package stage

import "context"

// viewerKey is where WithViewer leaves the userId.
type viewerKey struct{}

// WithViewer says to a media engine who watches, where the stage has checked that.
func WithViewer(ctx context.Context, userID string) context.Context {
	return context.WithValue(ctx, viewerKey{}, userID)
}

// ViewerOf gives the userId of WithViewer; empty: nobody said.
func ViewerOf(ctx context.Context) string {
	userID, _ := ctx.Value(viewerKey{}).(string)
	return userID
}
