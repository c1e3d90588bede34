# Everything that sets Byline up and checks it. `make` alone lists what there is.
#
# Variables: PYTHON       the interpreter to build .venv with (3.11 or later)
#            PORT, HOST   where `make serve` listens: make serve PORT=9000
#            TORCH_INDEX  an extra package index to find torch in (on Linux: the CPU builds of PyTorch)
#            UPGRADE      make lock UPGRADE=--upgrade takes the newest versions

PYTHON ?= python3
PORT ?=
TORCH_INDEX ?=
UPGRADE ?=
ifneq ($(origin HOST),command line)
HOST := # some shells and package managers export a HOST of their own, which is not meant for us
endif

BIN := .venv/bin
LOCKER := build/locker
PIP_INSTALL := $(BIN)/python -m pip install --quiet --quiet --no-input --disable-pip-version-check --no-deps
LOCKED := $(PIP_INSTALL) --require-hashes --only-binary :all:
LOCKED_TORCH := $(LOCKED) $(if $(TORCH_INDEX),--extra-index-url '$(TORCH_INDEX)')
COMPILE := $(LOCKER)/bin/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header \
	--unsafe-package torch --pip-args=--prefer-binary --constraint build/torch.txt

FAULTS := $(BIN)/python -m tests.faults
FAULTS_FULL = build/faults-$(shell git describe --always --dirty=+).jsonl

# With hashes pip does not prefer the CPU build of torch by itself, so that build is asked for first, by name.
# A package counts as installed only if pip has finished with it: its RECORD is what pip writes last.
FORGET_HALF_INSTALLED := find .venv/lib/python*/site-packages -maxdepth 1 -name '*.dist-info' \
	! -exec test -s '{}/RECORD' ';' -prune -exec rm -rf '{}' +

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test check install chromium strace faults faults-full llm lock peers clean

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

serve: .venv/.project ## Read the sample corpus into ./library and serve the page (PORT, HOST)
	@echo "Reading the sample corpus (half a minute at most) ..."
	@$(BIN)/byline ingest corpus || [ $$? -eq 1 ]
	@exec $(BIN)/byline serve $(if $(HOST),--host '$(HOST)') $(if $(PORT),--port '$(PORT)')

test: .venv/.test chromium check ## Run all checks and tests, as continuous integration does
	@if command -v chromium >/dev/null; then $(BIN)/python -m pytest; \
	else BYLINE_SKIP_BROWSER=1 $(BIN)/python -m pytest; fi

check: .venv/.test ## Run ruff and mypy only
	@$(BIN)/ruff check .
	@$(BIN)/mypy

install: .venv/.project ## Set up .venv with what Byline needs to run
	@echo "Byline is installed. Try: $(BIN)/byline --help"

chromium: ## Find or install the browser that the page's tests drive
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null || true; \
	fi
	@if command -v chromium >/dev/null; then exit 0; \
	elif [ "$$CI" = true ]; then echo "Chromium is not installed, and CI=true does not let its tests be skipped." >&2; exit 1; \
	else echo "Chromium is not installed: the browser tests are SKIPPED. Install the package chromium to run them."; fi

faults: .venv/.test strace ## Do harm to libraries and see that no article is lost or mixed (a quarter of an hour)
	@rm -f build/faults.jsonl
	@$(FAULTS) all --rounds 25 --questions 40 --abreast 2 --results build/faults.jsonl

faults-full: .venv/.test strace ## The same, as often as docs/trust.md tells, which it writes (three hours); goes on where it stopped
	@ended=0; $(FAULTS) all --abreast 2 --results $(FAULTS_FULL) || ended=$$?; \
	$(FAULTS) report $(FAULTS_FULL) > build/trust.md && mv build/trust.md docs/trust.md && exit $$ended

strace: ## Find or install what the faults are injected with
	@if ! command -v strace >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing strace for the fault rounds ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq strace; } >/dev/null || true; \
	fi
	@command -v strace >/dev/null || { echo "strace is not installed; the fault rounds need it. Install the package strace." >&2; exit 1; }

llm: .venv/.test ## Run the tests with a real language model, Qwen 1.5B (downloads 1.1 GB once; 2 GB of memory)
	@test -x build/llm/bin/python || $(BIN)/python -m venv build/llm
	@build/llm/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: xllamacpp==2026.10.11549
	@$(BIN)/python -m benchmarks.local_model run $(BIN)/python -m pytest -s tests/llm

lock: ## Make requirements/run.txt and test.txt again from pyproject.toml (needs the network)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "The locks are made with Python 3.11, the oldest that is supported: make lock PYTHON=python3.11" >&2; exit 1; }
	@test -x $(LOCKER)/bin/pip-compile || { $(PYTHON) -m venv --clear $(LOCKER) && \
		$(LOCKER)/bin/python -m pip install --quiet --quiet --disable-pip-version-check pip-tools==7.6.2; }
	@sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements/torch.txt > build/torch.txt
	@cp requirements/run.txt requirements/test.txt build/
	@echo "Resolving the test packages (a minute or two) ..."
	@$(COMPILE) $(UPGRADE) --extra build --extra dev --output-file build/test.txt pyproject.toml
	@sed -n 's/^\([^ #]*==[^ ]*\).*/\1/p' build/test.txt > build/versions.txt
	@echo "Resolving the packages to run with ..."
	@$(COMPILE) --extra build --constraint build/versions.txt --output-file build/run.txt pyproject.toml
	@for lock in test run; do \
		sed -e '/^# The following packages/,$$d' -e '/^$$/d' build/$$lock.txt > build/$$lock.cut && \
		mv build/$$lock.cut requirements/$$lock.txt || exit 1; \
	done
	@echo "requirements/run.txt and requirements/test.txt are made. Run: make test"

peers: ## Set up build/peers, the environment of the peers that benchmarks measure against
	@sh benchmarks/peers.sh

clean: ## Remove .venv, build and caches; the library stays
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find rag ingest ui tests benchmarks training -name __pycache__ -type d -prune -exec rm -rf '{}' + 2>/dev/null || true

# A stamp is written when its step has ended well, so a step that was interrupted is taken up again.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Byline needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.run: requirements/torch.txt requirements/run.txt requirements/model.txt | .venv/.made
	@echo "Installing packages (about 2 GB, a few minutes) ..."
	@$(FORGET_HALF_INSTALLED)
	@sed 's/^torch==[0-9.]*/&+cpu/' requirements/torch.txt > .venv/torch-cpu.txt
	@$(LOCKED_TORCH) -r .venv/torch-cpu.txt 2>/dev/null || $(LOCKED_TORCH) -r requirements/torch.txt
	@$(LOCKED) -r requirements/run.txt
	@$(LOCKED) -r requirements/model.txt
	@$(BIN)/python -c 'import torch' 2>/dev/null || { \
		echo "torch was installed but does not start; it may be a build for a graphics card. See \"If torch does not start\" in README.md." >&2; \
		exit 1; }
	@touch $@

.venv/.project: pyproject.toml .venv/.run
	@$(FORGET_HALF_INSTALLED)
	@$(PIP_INSTALL) --no-index --no-build-isolation --editable .
	@touch $@

.venv/.test: requirements/test.txt .venv/.project
	@echo "Installing test tools ..."
	@$(FORGET_HALF_INSTALLED)
	@$(LOCKED) -r requirements/test.txt
	@touch $@
