# Every verb is explained by "make help".
PORT   ?= 8000
DIR    ?= .
PYTHON ?= 3.14
FOR    ?= 30s
EACH   ?= 10s
SEED   ?= $(shell date +%s)

# A binary without libc, symbols and paths of this machine.
BUILD = CGO_ENABLED=0 go build -trimpath -ldflags='-s -w'

# The native fuzz targets, as package:function.
FUZZERS = $(shell grep -rlE --include='*_test.go' '^func Fuzz' . | xargs grep -HoE '^func Fuzz[A-Za-z0-9]+' | sed -E 's|/[^/]*_test.go:func |:|' | sort -u)

help: ## Print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Put the server at bin/simplehttp, static and stripped
	$(BUILD) -o bin/simplehttp ./cmd/simplehttp

serve: build ## Build, and serve a folder: PORT=8000 DIR=. PYTHON=3.14
	bin/simplehttp --python '$(PYTHON)' --directory '$(DIR)' $(PORT)

test: ## Run every test; needs Go and nothing else
	go test ./...

check: ## What CI does beyond the tests: gofmt, vet, other systems, the portable loop, race detector
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt differs: $$unformatted"; exit 1; fi
	go vet ./...
	for os in darwin freebsd windows; do GOOS=$$os go build -o /dev/null ./cmd/simplehttp || exit 1; done
	GOARCH=386 go vet ./cmd/simplehttp ./server ./reqparse
	go test -tags portable ./server ./conformance
	go test -race ./...

fuzz: ## Run every fuzz target, EACH=10s, and compare generated requests with the interpreters that are here, FOR=30s in all
	@for target in $(FUZZERS); do echo "fuzz $$target"; \
		go test -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime $(EACH) -fuzzminimizetime 1s "$${target%:*}" || exit 1; done
	go run ./cmd/conform fuzz --for $(FOR) --seed $(SEED)

record: ## Record the answers of the real interpreters that are here
	go run ./cmd/conform record

confirm: ## Compare the recorded answers with the real interpreters again
	go run ./cmd/conform confirm

quirks: ## Ask the interpreters whether they have each quirk, and compare with the table
	go run ./cmd/conform quirks

between: ## Find what neighbouring releases answer differently and no quirk explains: FOR=30s
	go run ./cmd/conform between --for $(FOR)

exhaustive: ## Compare enumerations without a gap with the real interpreters, and cut every case at every two places; hours
	go run ./cmd/conform exhaustive
	go run ./cmd/conform exhaustive cuts

oracle: ## Fetch CPython 3.14 and 3.15, compiled to WebAssembly, for record, confirm and fuzz; needs npm
	npm install --prefix conformance/oracle

coverage: ## List what of our own packages the cases do not reach
	go test ./conformance -run '^(TestReplay|TestLoopback)$$' -coverprofile bin/cases.prof \
		-coverpkg ./reqparse,./fsmap,./listing,./mime,./response,./handler,./cpython
	go run ./cmd/conform coverage bin/cases.prof

oracle-coverage: ## List what of CPython's own source the cases do not reach
	go run ./cmd/conform oracle-coverage

oracle-mutants: ## List the mutants of CPython's own source that no case tells apart
	go run ./cmd/conform oracle-mutants

upstream: build ## Run CPython's own test_httpservers of each interpreter that is here against the server
	@for python in $${PYENV_ROOT:-$$HOME/.pyenv}/versions/*/bin/python; do \
		$$python conformance/oracle/upstream.py bin/simplehttp || exit 1; done

bench: ## Measure the server beside nginx and others, a quarter of an hour; writes PERFORMANCE.md and docs/performance.*
	go run ./bench --out docs
	go run ./bench page

bench-quick: ## The same in three short rounds, printed only
	go run ./bench --quick

profile: ## Sample with perf where the server's time goes; writes PERFORMANCE.md and docs/profile.json
	go run ./bench profile --out docs
	go run ./bench page

instructions: ## Count what requests cost with valgrind, and compare with the record; UPDATE=1 writes it
	go build -o bin/instructions ./cmd/instructions
	bin/instructions $(if $(UPDATE),-update)

tables: ## Write the z*.go tables anew from the recorded facts of the interpreters
	go run ./conformance/tables

docs: ## Print QUIRKS.md anew from the quirk table
	go test ./cpython -run TestQuirksPage -update

.PHONY: help build serve test check fuzz record confirm quirks between exhaustive oracle coverage oracle-coverage oracle-mutants upstream bench bench-quick profile instructions tables docs
.DEFAULT_GOAL := help
