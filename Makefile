# `make` builds and starts UCM with its data in ./data; `make help` lists the rest.

TOOLS := Scripts/install-packages
RELEASE := -c release --static-swift-stdlib

# Where `make install` puts things: below PREFIX, and all of it below DESTDIR where a package is made.
PREFIX ?= /usr/local
DESTDIR ?=
SHARE = $(DESTDIR)$(PREFIX)/share

# How often `make test` kills the server under load.
ROUNDS ?= 30

.PHONY: run build install test bench fuzz format lint clean help
.DEFAULT_GOAL := run

run: build ## start UCM on https port 8443 and http port 8080, data in ./data (more options: make run ARGS="--host-name ca.example")
	exec .build/release/ucm serve --data ./data --http 8080 $(ARGS)

build: ## build the program: .build/release/ucm
	@$(TOOLS) build
	swift build $(RELEASE) --product ucm

# It does not build, so that root needs no toolchain.
install: ## install the program, manual pages and completions, after make build (elsewhere: make install PREFIX=/usr DESTDIR=/tmp/package)
	@test -x .build/release/ucm || { echo "Run make build first." >&2; exit 1; }
	install -D -m 755 .build/release/ucm $(DESTDIR)$(PREFIX)/bin/ucm
	install -d $(SHARE)/man/man1 $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	.build/release/ucm man --out $(SHARE)/man/man1
	.build/release/ucm completions bash | install -m 644 /dev/stdin $(SHARE)/bash-completion/completions/ucm
	.build/release/ucm completions zsh | install -m 644 /dev/stdin $(SHARE)/zsh/site-functions/_ucm
	.build/release/ucm completions fish | install -m 644 /dev/stdin $(SHARE)/fish/vendor_completions.d/ucm.fish

# A few tests at a time: where hundreds wait for two cores, a minute is over before a test has sent its second request. The
# real clients meet the program as users have it, built by `make build`.
test: build ## run the unit tests, then real SCEP clients, schemathesis, a browser, several nodes and kill -9 against the program just built (more rounds of that: make test ROUNDS=300)
	@$(TOOLS) test
	swift build --build-tests
	SWIFT_BACKTRACE=enable=no SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 Tests/PostgreSQL/run swift test --skip-build
	SWIFT_BACKTRACE=enable=no Tests/RealClients/run .build/release/ucm
	SWIFT_BACKTRACE=enable=no Tests/API/run .build/release/ucm
	SWIFT_BACKTRACE=enable=no Tests/Browser/run .build/release/ucm
	SWIFT_BACKTRACE=enable=no Tests/PostgreSQL/run Tests/Nodes/run .build/release/ucm
	SWIFT_BACKTRACE=enable=no Tests/Durability/run .build/release/ucm --rounds $(ROUNDS)
	SWIFT_BACKTRACE=enable=no Tests/PostgreSQL/run Tests/Durability/run .build/release/ucm --rounds $(ROUNDS) --postgresql

bench: build ## measure enrolments, also on PostgreSQL, issuing, CRLs and OCSP beside what the machine can do (only some: make bench ARGS="crl ocsp")
	@$(TOOLS) bench
	swift build $(RELEASE) --product ucm-bench
	Benchmarks/run .build/release/ucm-bench .build/release/ucm $(ARGS)

fuzz: ## run every decoder on damaged messages for FUZZ_SECONDS (60)
	Fuzz/run

format: ## put all Swift code into the house format
	swift format -i -r Sources Tests Benchmarks Fuzz Package.swift

lint: ## check the format and the documentation of all Swift code
	swift format lint --strict -r -p Sources Tests Benchmarks Fuzz Package.swift

clean: ## remove what was built and downloaded (never ./data)
	rm -rf .build .build-fuzz

help: ## list these targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16
