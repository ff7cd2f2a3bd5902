# `make run` serves Shipdesk on http://localhost:8501 (PORT= changes it); `make test` checks everything.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint types tests fuzz bench clean

run: .venv/installed
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: lint types tests

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	$(BIN)/mypy

tests: .venv/installed-dev
	@$(BIN)/python -m tests.browser.chromium || tests/install_chromium.sh
	$(BIN)/python -m pytest

fuzz: .venv/installed-dev
	FUZZ_CALLS=12000 $(BIN)/python -m pytest -s tests/api/test_schema_fuzz.py

bench: .venv/installed-bench
	$(BIN)/python -m benchmarks

.venv/installed: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit("Shipdesk needs Python 3.11 or newer; name one with PYTHON=") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv/installed-bench: .venv/installed-dev requirements-bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache
