# Two commands matter: `make run` and `make test`. Both install what they need (by apt, as root or with sudo).

.PHONY: help run build test lint format sim sim-faults

# Where the configuration is used only if there is one; without it Vitals watches itself.
configuration := $(if $(wildcard vitals.yaml),--config vitals.yaml)

help:
	@echo "make run     build for release and start Vitals on 127.0.0.1:8080, with vitals.yaml if there is one"
	@echo "make test    build for debugging, check the format and run every test"
	@echo "make build   build for release: .build/release/vitals"
	@echo "make sim     simulate SEEDS=200 histories and 30 days of 50 health checks; SEED=7: only that one, again"
	@echo "make sim-faults  break the engine on purpose, in a copy: the simulator must notice each fault"
	@echo "make lint    check the format"
	@echo "make format  put the sources into their format"

run: build
	exec .build/release/vitals serve --data ./data $(configuration)

build:
	@scripts/install.sh build
	swift build --configuration release --product vitals

test:
	@scripts/install.sh test
	@$(MAKE) --no-print-directory lint
	swift build --build-tests
	swift test --skip-build --disable-xctest

lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests

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
