# Everything from a fresh machine with Python 3.11 or later: `make demo` to look, `make test` to be sure.
# Packages go into .venv only, with the versions and hashes of requirements.lock, and again only when it changes.

PORT = 8080
STATE = .state
PYTHON =

INSTALLED = .venv/requirements.installed
BIN = .venv/bin
FOUNDATIONS = app/core tenants permissions app/reports

.PHONY: help demo test test-deep check bench lock clean

help:
	@echo "make demo [PORT=8080] [STATE=.state]   start a portal with a demo broker"
	@echo "make test                              run the tests, in a real browser too"
	@echo "make test-deep                         run the large counts and slow faults as well"
	@echo "make check                             lint, types, layers"
	@echo "make bench                             measure, as ratios"
	@echo "make lock                              choose the newest allowed packages anew"
	@echo "make clean                             remove what was installed and cached, not the data"

# exec, so that Ctrl-C and signals reach the portal itself and it can stop its servers in order.
demo: $(INSTALLED)
	@exec $(BIN)/portico demo --port "$(PORT)" --state "$(STATE)"

test: $(INSTALLED)
	@$(BIN)/python tests/chromium.py
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not deep"

test-deep: $(INSTALLED)
	@$(BIN)/python tests/chromium.py
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

check: $(INSTALLED)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/mypy --no-error-summary $(FOUNDATIONS)
	@PATH="$(BIN):$$PATH" && lint-imports --no-logo > .venv/layers.txt || { cat .venv/layers.txt; exit 1; }

bench: $(INSTALLED)
	@exec $(BIN)/python -m tests.benchmarks

# Compared by content, since a checkout gives files a new time; the copy is made last, so that an
# installation that was cut short is done again.
$(INSTALLED): requirements.lock pyproject.toml .ci/install
	@cat requirements.lock pyproject.toml | cmp -s - $@ && touch $@ || PYTHON="$(PYTHON)" .ci/install $@

lock:
	@test -x $(BIN)/uv || $(MAKE) $(INSTALLED)
	@printf 'setuptools>=80\n' | $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --group dev pyproject.toml - -o requirements.lock

clean:
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache test-results *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
