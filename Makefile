# Everything a person does with this project by hand. `make` alone lists it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test format lint check bench bench-coding bench-outreach bench-pages bench-summary soak forms lock vendor licences clean

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# The first Python on the machine that this project runs on; `make install PYTHON=/path/to/python` decides it by hand.
# A name that answers "command not found" (pyenv has such) is passed over like one that is too old.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c "$(FITS)" >/dev/null 2>&1 && echo $(name))))

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv with everything in it, exactly as locked

$(BIN)/python:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c "$(FITS)" || { \
		echo "Openline needs Python 3.11, 3.12 or 3.13; python3 here is: $$(python3 --version 2>&1 || true)." >&2; \
		echo "Install one of them, or say where it is: make install PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "This Python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(INSTALLED): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

demo: $(INSTALLED) ## Try it: made-up school, doubles of Twilio and Telegram, no account needed
	$(BIN)/openline demo

test: $(INSTALLED) ## All tests, two at a time; make test ARGS="-k stop" for some, JOBS=8 on a large machine
	$(BIN)/python -m pytest -n $(or $(JOBS),2) --dist loadgroup $(ARGS)

format: $(INSTALLED) ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: $(INSTALLED) ## Form, habits, types, and which package may know which
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## What has to pass before a change is kept

bench: $(INSTALLED) ## Every measurement in bench/, one after the other
	@set -e; for script in $(wildcard bench/*.py); do echo "== $$script"; $(BIN)/python "$$script"; done

bench-coding: $(INSTALLED) ## How good the theme coder is, from a codebook alone to thousands of coded replies; ARGS=--quick
	$(BIN)/python bench/coding.py $(ARGS)

bench-outreach: $(INSTALLED) ## A campaign to a million people on PostgreSQL: expansion, and sending with one and two workers
	$(BIN)/python bench/outreach.py $(ARGS)

bench-pages: $(INSTALLED) ## Milliseconds at the server for every page, with 20,000 people and 100,000 answers
	$(BIN)/python bench/pages.py $(ARGS)

bench-summary: $(INSTALLED) ## Seconds to sum up 10,000 and 100,000 answers, beside a bare count of them
	$(BIN)/python bench/summary.py

soak: $(INSTALLED) ## A campaign to 20,000 whose workers are killed every few seconds, on both databases: minutes
	OPENLINE_SOAK=20000 $(BIN)/python -m pytest tests/test_campaign_crash.py

forms: $(INSTALLED) ## A thousand people who answer at random, through every form in OPENLINE_XLSFORMS
	OPENLINE_WALKS=1000 $(BIN)/python -m pytest --timeout 1800 tests/test_xlsform_walk.py

# uv resolves for every system at once. It keeps the versions that are locked unless told: make lock ARGS=--upgrade
LOCK := pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate --quiet
lock: $(BIN)/python ## Write both lock files again from pyproject.toml
	rm -rf build/uv
	$(BIN)/python -m venv build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	build/uv/bin/uv $(LOCK) $(ARGS) --extra dev -o requirements-dev.lock pyproject.toml
	build/uv/bin/uv $(LOCK) $(ARGS) -c requirements-dev.lock -o requirements.lock pyproject.toml
	rm -rf build/uv

vendor: ## Fetch the style sheets of others again with npm; make vendor ARGS=bootstrap@5.3.9
	scripts/vendor $(ARGS)

licences: $(INSTALLED) ## Write docs/licences.md again from what is installed
	$(BIN)/python scripts/licences.py

clean: ## Throw away caches and build output; .venv and your data in var/ stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
