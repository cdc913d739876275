package enrol

// Path is where a podium enrols: POST, a Request, answered with an Answer.
const Path = "/v1/enroll"

// Request is what a podium asks with. Bytes travel in base64.
type Request struct {
	Nonce []byte `json:"nonce"`
	Proof []byte `json:"proof"` // Key.Asks
}

// Answer is what it gets.
type Answer struct {
	Meeting    string `json:"meeting"`
	UserID     string `json:"userId"`
	Name       string `json:"displayName"`
	Credential string `json:"credential"` // a token
	Proof      []byte `json:"proof"`      // Key.Answers: whoever cannot make it does not know the code
}
