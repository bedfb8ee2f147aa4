# make run     install once, convert one model once, open the page
# make test    the same, a browser if none is found, then the quick tests, in as many processes as there are cores
# make check   lint and types of Python and of the page's scripts, import contracts, every test (what CI runs)
# make shuffled  every test that needs no browser, in random order inside each file; SEED=7 makes the order of seed 7 again
# make bench   measure, write tests/benchmarks/results.json and README's table; ROWS=page measures only the rows whose name holds "page"
# make docs    write README's generated parts anew, and what the page is told of the views' types
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
WHEELS := playground/weights/requirements-wheels.txt
# Where torch comes from; empty is pip's own index. For Linux without a GPU: https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
ROWS ?=
SEED ?=
# torch's threads sleep while they wait. Spinning, as they do by default, costs many times the work on a machine with other work.
OMP_WAIT_POLICY ?= PASSIVE
export OMP_WAIT_POLICY

.PHONY: run test check every shuffled lint types scripts contracts bench docs browser converted
.DELETE_ON_ERROR:
.NOTPARALLEL:

run: converted
	$(BIN)/python app.py

# A file stays in one process, with the models and the page it opened; one app serves all of them.
test: converted $(VENV)/.tools build/serve browser
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow"

every: converted $(VENV)/.tools build/serve browser
	$(BIN)/python -m pytest -n auto --dist loadfile

# The seed is printed first. Browser files keep their order: their tests share an open page.
shuffled: converted $(VENV)/.tools build/serve
	$(BIN)/python -m pytest -n auto --dist loadfile -p randomly $(if $(SEED),--randomly-seed=$(SEED)) -m "not browser"

check: lint types scripts contracts every

lint: $(VENV)/.tools
	$(BIN)/ruff check .

# The peer the attention lab is measured against; it never enters the app's own environment.
build/bertviz:
	$(PIP) install --target $@ ipython==9.9.0
	$(PIP) install --target $@ --no-deps bertviz==1.4.1

# What `transformers serve` wants beside transformers: a real OpenAI-compatible server for the tests of hosted models.
build/serve:
	$(PIP) install --target $@ --no-deps openai==3.57.0 jiter==0.19.0 distro==1.9.0 sniffio==1.3.1

types: $(VENV)/.tools
	@find playground -name '*.pyi' -delete # Gradio writes these beside its components, and mypy would read them instead
	$(BIN)/mypy

contracts: $(VENV)/.tools
	$(BIN)/lint-imports --no-cache

# The page's scripts: types by tsc, habits by eslint, both run by the node that Playwright brings along.
NODE = $$($(BIN)/python -c "from playwright._impl._driver import compute_driver_executable as found; print(found()[0])")
NPM_SAYS := npm is not here and could not be installed: what the page's scripts are checked with (tests/js) is passed over.
scripts: $(VENV)/.tools tests/js/node_modules/.made
	@if [ -e tests/js/node_modules/.bin/tsc ]; then set -e; \
	  $(NODE) tests/js/node_modules/typescript/lib/tsc.js --project tests/js/tsconfig.json; \
	  $(NODE) tests/js/node_modules/eslint/bin/eslint.js --config tests/js/eslint.config.js playground/web; fi

# As for the browser: Debian's npm where there is none. Without one this is said, and with CI=true it fails.
tests/js/node_modules/.made: tests/js/package-lock.json
	@root=; [ "$$(id -u)" = 0 ] || root="sudo -n"; \
	command -v npm >/dev/null || { echo "No npm is found; trying to install Debian's." \
	  && { command -v apt-get && DEBIAN_FRONTEND=noninteractive && export DEBIAN_FRONTEND && $$root apt-get update -qq \
	  && $$root apt-get install -y -qq --no-install-recommends npm; } </dev/null >/dev/null; } || true; \
	if command -v npm >/dev/null; then npm ci --prefix tests/js --ignore-scripts --no-audit --no-fund --loglevel error && touch $@; \
	else echo "$(NPM_SAYS)"; [ "$(CI)" != true ]; fi

bench: converted $(VENV)/.tools build/bertviz
	$(BIN)/python -m tests.benchmarks $(ROWS)
	$(BIN)/cog -I . -r README.md docs/map.md

docs: $(VENV)/.tools
	$(BIN)/cog -I . -r README.md docs/map.md
	$(BIN)/python -m tests.js.payloads

converted: $(VENV)/.packages
	@$(BIN)/python -m playground.convert

# Every stamp is written last, so an install that failed half-way is begun again. A second run reads only the stamps.
$(VENV)/.packages: requirements.txt $(WHEELS) $(VENV)/.made
	@rm -f $@
	@echo "Installing the packages into $(VENV); this takes some minutes, once."
	@if [ -z "$(TORCH_INDEX)" ] && [ "$$(uname)" = Linux ] && ! command -v nvidia-smi >/dev/null; then \
	  echo "No NVIDIA GPU is seen here. Where only PyPI is asked, torch comes with some GB of CUDA libraries; this leaves them out:"; \
	  echo "  make run TORCH_INDEX=https://download.pytorch.org/whl/cpu"; fi
	$(PIP) install $$(sed -n 's/^\(torch==.*\)/\1/p' requirements.txt) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
	$(PIP) install -r requirements.txt
	$(PIP) install --no-deps --require-hashes -r $(WHEELS)
	@touch $@

$(VENV)/.tools: tests/requirements.txt $(VENV)/.packages
	@rm -f $@
	$(PIP) install -r tests/requirements.txt
	@touch $@

# An environment whose interpreter is gone (Python was upgraded) is made anew from nothing.
BROKEN := $(shell test ! -e $(VENV) || $(BIN)/python -c "" 2>/dev/null || echo --clear)
ifneq ($(BROKEN),)
.PHONY: $(VENV)/.made
endif
$(VENV)/.made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.11')"
	$(PYTHON) -m venv $(BROKEN) $(VENV)
	@$(BIN)/python -m pip --version >/dev/null
	@touch $@

# Debian's chromium where no browser is found. Without one the browser tests say that they are skipped; with CI=true they fail.
browser:
	@for name in "$$PLAYGROUND_BROWSER" chromium chromium-browser google-chrome google-chrome-stable chrome \
	  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do \
	  if [ -n "$$name" ] && command -v "$$name" >/dev/null; then exit 0; fi; done; \
	root=; [ "$$(id -u)" = 0 ] || root="sudo -n"; \
	echo "No browser is found; trying to install Debian's chromium."; \
	{ command -v apt-get && DEBIAN_FRONTEND=noninteractive && export DEBIAN_FRONTEND && $$root apt-get update -qq \
	  && $$root apt-get install -y -qq chromium; } </dev/null >/dev/null \
	|| echo "It could not be installed: the browser tests need Chromium or Chrome (PLAYGROUND_BROWSER=/path/to/it)."
