# relgraph: `make demo` shows it, `make test` runs everything.
PYTHON ?= python3
BIN := .venv/bin
# Deno checks the browser's modules: it asks for nothing and keeps its cache here.
export DENO_DIR := $(CURDIR)/.cache/deno
export DENO_NO_UPDATE_CHECK := 1

.PHONY: help demo test long check bench fuzz clean
help:
	@echo "make demo   install, load the sample customers, serve http://127.0.0.1:8000/"
	@echo "make test   install what the tests need, run everything"
	@echo "make long   kill, write together, compare databases for much longer than make test does"
	@echo "make check  ruff, strict types, and both for the browser's modules"
	@echo "make bench  measure, write docs/benchmarks.md"
	@echo "make fuzz   thousands of made-up requests against both databases"
	@echo "make clean  remove .venv and the demo's database"

demo:
	@$(PYTHON) scripts/bootstrap.py
	@exec $(BIN)/relgraph demo

test:
	@$(PYTHON) scripts/bootstrap.py test
	@$(BIN)/python scripts/test_needs.py
	@$(BIN)/python -m pytest -n 3 --dist loadgroup $(TESTS)

long:
	@$(PYTHON) scripts/bootstrap.py test
	@$(BIN)/python scripts/test_needs.py
	@RELGRAPH_LONG=1 $(BIN)/python -m pytest -m "" tests/crash tests/contract tests/api/test_together.py tests/api/test_model.py tests/records/test_large_files.py

check:
	@$(PYTHON) scripts/bootstrap.py test check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/deno lint --quiet
	@$(BIN)/deno fmt --quiet --check
	@$(BIN)/deno check --quiet relgraph

bench:
	@$(PYTHON) scripts/bootstrap.py test bench
	@$(BIN)/python scripts/test_needs.py
	@$(BIN)/python -m benchmarks

fuzz:
	@$(PYTHON) scripts/bootstrap.py test
	@$(BIN)/python scripts/test_needs.py
	@RELGRAPH_FUZZ=$${RELGRAPH_FUZZ:-200} $(BIN)/python -m pytest -q tests/api/test_fuzz.py

clean:
	rm -rf .venv .relgraph map.html
