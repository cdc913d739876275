# make help lists what can be made. Every target installs the Debian packages it
# needs (build/deps.sh) and says what is wrong with Go (build/go-check.sh).

export PATH := $(PATH):/usr/local/go/bin

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo 0.0.0-dev)
COMMIT  ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
STAMP   := -X main.version=$(VERSION) -X main.commit=$(COMMIT)
FUZZTIME ?= 3s
KILLS ?= 500
SEED ?= 1
STEPS ?= 1000000
RANDOMSEED ?= 0
TESTFLAGS ?=
ARGS ?=
ROWS ?=
SHORT ?=

.DEFAULT_GOAL := help
.PHONY: help demo build test hil faults bench peers crash stops soak random lint fuzz mutants corpus arm64 deb install-test clean go

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 16

demo: build ## the whole system on this machine; ARGS are handed on (ARGS="--listen 127.0.0.1:9000")
	dist/podium demo $(ARGS)

build: go ## dist/podium
	@build/deps.sh build
	go build -trimpath -buildvcs=false -ldflags '$(STAMP)' -o dist/podium ./cmd/podium

test: go ## all tests of this machine, with the race detector
	@build/deps.sh build test
	go test -race -count=1 -timeout 15m $(TESTFLAGS) ./...
	go test -race -count=1 -tags x264 $(TESTFLAGS) ./capture/encoder/x264

hil: go ## the virtual podium: the arm64 binary in a machine with GPIO lines, camera and sound card
	@build/deps.sh build hil
	go test -tags hil -count=1 -timeout 30m -v ./test/hil $(if $(ARGS),-args $(ARGS))

faults: build ## real processes under faults, as root; ROWS=REGEXP picks rows, SHORT=1 one of each kind
	@build/deps.sh build faults
	cd test/faults && go test -tags faults -count=1 -timeout 20m -parallel 3 $(if $(SHORT),-short) -args -rows '$(ROWS)' $(ARGS)

bench: build arm64 ## the table of docs/numbers.md
	@build/deps.sh test
	go run ./test/bench $(ARGS)

peers: go ## CPU a frame on its way to H.264, of the podium, stock mediadevices, ffmpeg and GStreamer
	@build/deps.sh build peers
	go run ./test/peers $(ARGS)

crash: go ## kill the stage KILLS times at random moments, and look what it has lost
	@build/deps.sh build
	go test -count=1 -timeout 60m -v ./test/restart -args -kills $(KILLS) -seed $(SEED)

stops: build ## kick, cancel, end of the lease, SIGTERM and SIGKILL to the last RTP, TURNS (1000) times each
	go run ./test/stops -turns $(or $(TURNS),1000) -seed $(SEED) $(ARGS)

random: go ## STEPS random steps of the rules, of a podium, and of both over a bad network; RANDOMSEED makes the same ones again
	@build/deps.sh build
	build/random.sh $(STEPS) $(RANDOMSEED)

soak: go ## TURNS (10000) turns that end in every way; nothing may grow
	@build/deps.sh build
	go run ./test/soak -turns $(or $(TURNS),10000) -seed $(SEED) $(ARGS)

lint: go ## gofmt, go vet, golangci-lint, shellcheck
	@build/deps.sh build lint
	build/lint.sh

fuzz: go ## each fuzz target for FUZZTIME
	@build/deps.sh build
	build/fuzz.sh $(FUZZTIME)

mutants: go ## break each safety property on purpose, and look whether its tests notice; ARGS="-only 6 -json"
	@build/deps.sh build
	go run ./test/mutants $(ARGS)

corpus: go ## keep in the tree what make fuzz has found and reaches new code
	@build/deps.sh build
	go run ./test/corpus

arm64: go ## dist/arm64/podium for the Raspberry Pi
	@build/deps.sh build cross
	PODIUM_LDFLAGS='$(STAMP)' build/arm64/build.sh

deb: go ## dist/podium_*.deb, for arm64 and amd64
	@build/deps.sh build cross deb
	build/deb/build.sh arm64
	build/deb/build.sh amd64

install-test: go ## install, configure, upgrade and purge the package in clean Debian systems, as root
	@build/deps.sh build deb install
	go test -tags install -count=1 -timeout 20m -v ./test/install

clean: ## remove dist and test-output
	rm -rf dist test-output

go:
	@build/go-check.sh
