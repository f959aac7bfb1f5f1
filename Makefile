# Every target sets up what it needs: a machine with Python 3.11+, make and a package registry is enough.
# `make` alone lists the targets.

VENV := .venv
BIN := $(VENV)/bin
# What it takes to use the project, and what it takes to check it.
USE_STAMP := $(VENV)/.installed-to-use
STAMP := $(VENV)/.installed
PROFILES := target/profiles
PROFILE := $(PROFILES)/profiles.yml
TARGETS := duckdb athena redshift
# Two workers: a laptop and a small CI machine alike have that many cores.
WORKERS ?= 2
# A worker keeps to a run of tests, so that what a module's tests share is made once.
PARALLEL = -n $(WORKERS) --dist worksteal

# The first of these that is new enough; `make PYTHON=/path/to/python3.12 setup` to choose another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(or $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c '$(NEW_ENOUGH)' 2>/dev/null && echo $(name)))),python3)

# One `name==version` per line, no index and no host, of pip's report.
define VERSIONS
import json, sys
for item in sorted(json.load(sys.stdin)["install"], key=lambda item: item["metadata"]["name"].lower()):
    if not item["requested"]:
        print(item["metadata"]["name"] + "==" + item["metadata"]["version"])
endef
export VERSIONS

# uv installs in an eighth of pip's time, but does not know what pip was told of indexes: there, and where uv fails, pip installs.
define INSTALL
if $(BIN)/python -m pip config list | grep -q index || ! { \
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check 'uv>=0.9,<1' && \
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c requirements.lock -e '$(1)'; }; then \
	echo "==> by pip, which takes longer than uv"; \
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c requirements.lock -e '$(1)'; \
fi
endef

# Where this is set, every start of dbt would compile all that it imports once more: 4 of its 7 seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo demo-athena test test-nightly test-all test-quick test-long parse lint format bench setup lock clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "; print "make <target>\n"} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use
demo: $(USE_STAMP) ## the whole story on this machine: files as DMS writes them in, current tables out
	@$(BIN)/lake demo

demo-athena: $(STAMP) ## the same story on an Athena on this machine (1 GB of memory; the first time Trino is fetched)
	@$(BIN)/lake demo --athena

bench: $(STAMP) ## measure against hand-written SQL
	@$(BIN)/python benchmarks/run.py

##@ Check
test: $(STAMP) ## everything CI runs: parse, lint, quick and long tests
	@$(MAKE) --no-print-directory --keep-going parse lint test-all

# Quick and long in one session: its closing line counts them all.
test-all: $(STAMP)
	@echo "==> pytest: quick and long tests"
	@$(BIN)/pytest -q $(PARALLEL) --durations 15 --durations-min 20 -m "not nightly"

test-nightly: $(STAMP) ## what takes too long for every change: faults, big oracle batches, most of Athena
	@$(BIN)/pytest -q $(PARALLEL) -m nightly

test-quick: $(STAMP) ## the tests that take seconds
	@echo "==> pytest: quick tests"
	@$(BIN)/pytest -q $(PARALLEL) -m "not long"

test-long: $(STAMP) ## the tests that take longer
	@echo "==> pytest: long tests"
	@$(BIN)/pytest -q $(PARALLEL) -m long

parse: $(STAMP) $(PROFILE) ## dbt parse on every target, warnings are errors, no network
	@for target in $(TARGETS); do \
		echo "==> dbt parse on $$target"; \
		$(BIN)/dbt --quiet parse --warn-error --no-partial-parse --target $$target \
			--profiles-dir $(PROFILES) --target-path target/parse/$$target || exit 1; \
	done

lint: $(STAMP) $(PROFILE) ## ruff, mypy and sqlfluff
	@echo "==> ruff, mypy, sqlfluff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@DMS_LAKE_DUCKDB_PATH=:memory: $(BIN)/sqlfluff lint --disable-progress-bar models tests

format: $(STAMP) ## let ruff lay out the Python files
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

##@ Set up
setup: $(STAMP) ## make .venv and install everything into it

# No compiling beforehand: Python compiles what it imports, which is a small part of what is installed.
$(USE_STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "dms_lake needs Python 3.11 or newer; \`$(PYTHON)\` is $$($(PYTHON) --version 2>/dev/null || echo missing)."; \
		echo "Install one (python.org, pyenv, or your package manager) and name it: make PYTHON=python3.12 setup"; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "\`$(PYTHON)\` has no venv module."; \
		echo "On Debian and Ubuntu: sudo apt-get install python3-venv"; \
		exit 1; }
	@echo "==> installing into $(VENV) (once, seconds to a minute)"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv --clear $(VENV)
	@$(call INSTALL,.)
	@touch $@

$(STAMP): $(USE_STAMP)
	@echo "==> installing what the checks need (once)"
	@$(call INSTALL,.[dev])
	@touch $@

# dbt wants the name profiles.yml; your own profiles.yml in this folder is never used by the checks.
$(PROFILE): profiles.example.yml
	@mkdir -p $(PROFILES)
	@cp profiles.example.yml $@

# Resolved for the oldest Python that may install it: some packages refuse an early 3.11.
lock: ## write requirements.lock anew from pyproject.toml
	@echo "==> resolving pyproject.toml for Python 3.11.0"
	@$(PYTHON) -m venv --clear target/lock
	@target/lock/bin/python -m pip install --quiet --disable-pip-version-check --dry-run \
		--ignore-installed --only-binary :all: --python-version 3.11.0 --target target/lock/none \
		--report target/lock/report.json '.[dev]'
	@target/lock/bin/python -c "$$VERSIONS" < target/lock/report.json > requirements.lock
	@rm -rf target/lock
	@echo "requirements.lock: $$(wc -l < requirements.lock) packages"

clean: ## remove what was built: .venv, target, logs
	@rm -rf $(VENV) target logs scripts/*.egg-info
