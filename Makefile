# Needs nothing but Python 3.11+ and make. Everything lives in .venv; the locks pin every package by hash.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Tests also wait, for a browser, a child, a database: one more of them than there are cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(1 + (os.cpu_count() or 1))')

.PHONY: help setup demo test lint check bench faults canaries audit mutants format lock clean

help:            ## what there is
	@grep -E '^[a-z]+: .*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("kpi-connector needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.ready   ## make the virtual environment

# A program that was installed by the README into the same folder is left as it is.
demo: $(if $(wildcard $(VENV)/.ready),setup,$(BIN)/kpi)      ## the main job on a pretend company in both CRMs
	$(BIN)/kpi demo

$(BIN)/kpi:
	$(MAKE) setup

test: setup      ## all tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: setup      ## formatting, lint, types, who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: lint test ## the one definition of green

bench: setup     ## the numbers of docs/benchmarks.md
	$(BIN)/python -m tests.bench

faults: setup    ## the whole fault rig: every scenario on both CRMs and databases, every step of every crash
	$(BIN)/python -m pytest tests/faults tests/journeys/test_kill.py -m "slow_fault or not slow_fault" -n $(WORKERS) --dist worksteal

canaries: setup  ## the whole suite at DEBUG, its log looked through for secrets
	$(BIN)/python -m pytest -p tests.canaries -n $(WORKERS) --dist loadfile --no-loadscope-reorder

$(VENV)/audit/.ready:
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	@touch $@

audit: setup $(VENV)/audit/.ready  ## known flaws of the pinned packages; asks pypi.org, so it needs a connection
	$(BIN)/python -m tests.audit $(VENV)/audit/bin/pip-audit $(AUDIT)

mutants: setup   ## how many wrong definitions the tests catch
	$(BIN)/python -m tests.mutants

format: setup    ## mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: setup      ## pin anew what pyproject.toml asks for
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra fleet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra dev pyproject.toml -o requirements-dev.lock

clean:           ## remove what was made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
