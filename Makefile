# Two commands matter: `make run` and `make test`. Each installs what it needs (by apt, as root or with sudo).

.PHONY: help run build test lint format sim sim-faults fuzz sanitize coverage crash-full bench bench-full bench-compare dist

# Where the configuration is used only if there is one; without it Vitals watches itself.
configuration := $(if $(wildcard vitals.yaml),--config vitals.yaml)
swift_files := Package.swift Sources Tests Fuzz

help:
	@echo "make run         build for release and start Vitals on 127.0.0.1:8080, with vitals.yaml if there is one"
	@echo "make test        build for debugging, check the format and run every test"
	@echo "make build       build for release: .build/release/vitals"
	@echo "make dist        build what is handed to others: .build/dist, with a tarball and a .deb"
	@echo "make lint        check the format"
	@echo "make format      put the sources into their format"
	@echo
	@echo "Proof that takes longer than make test:"
	@echo "make sim         simulate SEEDS=200 histories and 30 days of 50 health checks; SEED=7: only that one, again"
	@echo "make sim-faults  break the engine on purpose, in a copy: the simulator must notice each fault"
	@echo "make fuzz        feed each decoder made-up input for a minute (SECONDS=60 TARGETS=\"http dns\")"
	@echo "make sanitize    run the tests under the thread and the address sanitizer"
	@echo "make coverage    show the lines that the tests of the core and the codecs miss"
	@echo "make crash-full  kill the release build 2,000 times, stop it for a minute, fill its disk ... (under an hour)"
	@echo
	@echo "Figures:"
	@echo "make bench       measure the figures that matter, in less than ten minutes"
	@echo "make bench-full  measure all of them for longer, and write Benchmarks/RESULTS.md"
	@echo "make bench-compare BASE=<rev>   measure a revision and the present one by turns"

run: build
	exec .build/release/vitals serve --data ./data $(configuration)

build:
	@scripts/install.sh build
	swift build --configuration release --static-swift-stdlib --product vitals

dist:
	@scripts/install.sh build
	scripts/dist.sh

test:
	@scripts/install.sh test
	@$(MAKE) --no-print-directory lint
	swift build --build-tests
	@scripts/test.sh

lint:
	swift format lint --strict --parallel --recursive $(swift_files)

format:
	swift format --in-place --parallel --recursive $(swift_files)

# A release build of the engine and the simulator alone, apart from all others.
sim_parts := VITALS_PARTS=VitalsCore,VitalsEngine,VitalsTesting,SimulationTests
sim_build := --configuration release --scratch-path .build/sim
SEEDS ?= 200

sim:
	@scripts/install.sh build
	$(sim_parts) swift build --build-tests $(sim_build) -Xswiftc -enable-testing
	$(sim_parts) SIM_SEED=$(SEED) SIM_SEEDS=$(SEEDS) $(if $(SEED),,SIM_DAYS=30) \
		swift test --skip-build --disable-xctest $(sim_build) --filter SimulationTests

sim-faults:
	@scripts/install.sh build
	scripts/sim-faults.sh

# How long each decoder is fuzzed, and which; no name: every one in Fuzz/Corpus.
SECONDS := 60
TARGETS :=

fuzz:
	@scripts/install.sh build
	scripts/fuzz.sh $(SECONDS) $(TARGETS)

sanitize:
	@scripts/install.sh test
	scripts/sanitize.sh thread
	scripts/sanitize.sh address

coverage:
	@scripts/install.sh test
	scripts/coverage.sh

# Forty storms of fifty kills, each held to account by itself, so that a failure is found soon and has its own seed.
crash-full: export VITALS_BINARY ?= $(CURDIR)/.build/release/vitals
crash-full: export VITALS_CRASH_STORMS ?= 40
crash-full: export VITALS_CRASH_STOP_SECONDS ?= 60
crash-full: build
	@scripts/install.sh test
	swift build --build-tests
	swift test --skip-build --disable-xctest --filter StormTests

bench: build
	@scripts/install.sh bench
	@/usr/bin/python3 Benchmarks/run.py

bench-full: build
	@scripts/install.sh bench
	@/usr/bin/python3 Benchmarks/run.py --full

bench-compare: build
	@test -n "$(BASE)" || { echo "usage: make bench-compare BASE=<revision>" >&2; exit 64; }
	@scripts/install.sh bench
	@/usr/bin/python3 Benchmarks/compare.py "$(BASE)"
