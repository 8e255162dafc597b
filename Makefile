# Each target sets up what it needs, says what it does, and is quick the second time.
# Arguments go through ARGS:  make demo ARGS=--exit    make test ARGS="-k import"

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
BUILD := cascade/web/static/build
FRONTEND := $(wildcard frontend/*.json frontend/*.mjs frontend/*.scss frontend/styles/* frontend/scripts/* frontend/images/*)
# One more than there are cores: many tests wait, for a browser, a server or a clock.
WORKERS := $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 1 )))

.PHONY: help setup demo test run lint bench soak screens clean

help: ## Say what each target does
	awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready $(BUILD)/.ready ## Set up everything that the others need

demo: setup ## A made-up county: import, publish, release, confirm, watch (ARGS=--exit ends by itself)
	$(BIN)/cascade demo $(ARGS)

run: setup ## Everything in one process on SQLite, pages on port 8000
	bin/with-secret $(BIN)/cascade serve $(ARGS)

test: setup lint $(VENV)/.browser $(VENV)/.provider ## Every check and every test
	echo "→ Running the tests"
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not soak" $(ARGS)

lint: $(VENV)/.ready ## Style, format, types, import rules
	echo "→ Checking style, format, types and import rules"
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }

bench: setup $(VENV)/.postfix ## Measure speed and memory (ARGS=throughput, urgent, imports, bulletins, pages or library for one)
	$(BIN)/python -m bench $(ARGS)

soak: setup $(VENV)/.postfix $(VENV)/.browser $(VENV)/.libreoffice ## Long fault runs: kills, lost servers, big inputs
	$(BIN)/pytest -m soak $(ARGS)

screens: setup $(VENV)/.browser $(VENV)/.libreoffice ## Take the pictures in docs/screens anew, out of a running demo
	bin/need poppler
	echo "→ Taking pictures of the demo"
	$(BIN)/python -m tests.browser.screens
	RECORD_KEYBOARD=yes $(BIN)/pytest -q tests/browser/test_keyboard.py

clean: ## Remove what was set up or built here; data in var/ stays
	rm -rf $(VENV) frontend/node_modules tests/provider/node_modules $(BUILD) build *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(VENV)/.ready: requirements.lock pyproject.toml bin/need
	echo "→ Setting up Python packages in $(VENV) (a minute or two the first time)"
	python=$$(bin/need python)
	test -x $(BIN)/python || "$$python" -m venv $(VENV)
	bin/need pango
	bin/need fonts
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(BUILD)/.ready: $(FRONTEND) bin/need
	echo "→ Building the style sheet and scripts of the pages"
	bin/need npm
	cd frontend
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	npm run --silent build
	touch ../$@

$(VENV)/.browser: $(VENV)/.ready bin/need
	bin/need chromium
	touch $@

$(VENV)/.provider: tests/provider/package-lock.json $(VENV)/.ready bin/need
	echo "→ Setting up an OpenID Connect provider for the tests"
	bin/need npm
	cd tests/provider
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch ../../$@

$(VENV)/.libreoffice: $(VENV)/.ready bin/need
	bin/need libreoffice
	touch $@

$(VENV)/.postfix: $(VENV)/.ready bin/need
	bin/need postfix
	touch $@
