# Everything runs in an environment of its own, .venv, made with Python's venv and pip from the locked versions.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO_DB := .venv/demo.db

.PHONY: help demo test torture bench lint types wheel lock clean

help:  ## list what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(READY): requirements.lock pyproject.toml
	@echo "==> setting up .venv with $$($(PYTHON) --version) (once; about a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ghsync needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q ghsync_core ghsync_plugins
	@touch $(READY)

demo: $(READY)  ## sync the example garden and ask its graph two questions
	@rm -f $(DEMO_DB)*
	@echo "==> ghsync examples/garden        (one of its files is broken on purpose)"
	@$(BIN)/ghsync examples/garden --name garden --to sqlite:$(DEMO_DB) || test $$? -eq 3
	@for query in examples/queries/*.sql; do \
		echo; sed -n 's/^-- /==> /p' $$query; $(BIN)/ghsync query --to sqlite:$(DEMO_DB) - < $$query || exit 1; done
	@echo; echo "The graph is in $(DEMO_DB): any SQLite tool reads its views nodes, edges, classes, axioms, files."

test: $(READY)  ## run the whole test suite
	@echo "==> running the tests"
	@$(BIN)/python -m pytest -n auto --dist loadgroup

TORTURE ?= 20

torture: $(READY)  ## kill, tear, damage and crowd it, hundreds of times (some minutes)
	@echo "==> torturing"
	@TORTURE=$(TORTURE) $(BIN)/python -m pytest -n auto --timeout 900 \
		tests/test_killed.py tests/test_store_trouble.py tests/test_damage.py tests/test_concurrency.py

bench: $(READY)  ## measure, as ratios to a floor or a peer in the same run
	@echo "==> measuring (some minutes)"
	@$(BIN)/python -m tests.benchmarks

lint: $(READY)  ## check style
	@echo "==> linting"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY)  ## check types
	@echo "==> checking types"
	@$(BIN)/mypy

wheel: $(READY)  ## build the wheel into dist/
	@echo "==> building the wheel"
	@rm -rf dist && $(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .

lock:  ## bring requirements.lock up to date (needs uv)
	uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --extra dev \
		--no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock

clean:  ## take away what make made
	rm -rf .venv dist
