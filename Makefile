# Two commands matter: `make run` and `make test`. Both install what they need (by apt, as root or with sudo).

.PHONY: help run build test lint format fuzz sanitize coverage

# How long each decoder is fuzzed, and which; no name: every one in Fuzz/Corpus.
SECONDS := 60
TARGETS :=

# Where the configuration is used only if there is one; without it Vitals watches itself.
configuration := $(if $(wildcard vitals.yaml),--config vitals.yaml)

help:
	@echo "make run     build for release and start Vitals on 127.0.0.1:8080, with vitals.yaml if there is one"
	@echo "make test    build for debugging, check the format and run every test"
	@echo "make build   build for release: .build/release/vitals"
	@echo "make lint    check the format"
	@echo "make format  put the sources into their format"
	@echo "make fuzz    feed each decoder with made-up input for a minute (SECONDS=60 TARGETS=\"http dns\")"
	@echo "make sanitize  run the tests under the thread and the address sanitizer"
	@echo "make coverage  show the lines that the tests of the core and the codecs miss"

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
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Fuzz

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests Fuzz

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
