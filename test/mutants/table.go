package main

// properties are those of a podium that is never a hot microphone, in the order of
// the document.
func properties() []property {
	return []property{
		nothingBeforeAGrant(), startsClosed(), staysClosed(), nobodyElseOpens(), closesFirst(), lease(),
		lampsTellTheTruth(), watchdog(), nothingHoldsCloseUp(), tokens(), serverEnforces(),
	}
}
