# claimstream: `make help` lists what there is. Every target sets itself up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
# Any Python from 3.11; PYTHON=/path/to/python chooses one.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Two stamps: the demo needs a third of what the tests need.
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help setup demo test check services up down test-compose test-all chaos quality bench load capacity schemas lock format clean
.PHONY: check-static check-tests

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(DEV_STAMP) ## .venv with everything, and the command .venv/bin/claimstream
	@echo "Ready: $(BIN)/claimstream"

demo: $(RUN_STAMP) ## a sample news site on loopback, its claims, its account: no Docker, no Java, no root
	@$(BIN)/claimstream demo

# Several processes: each takes a folder, in the order in which they are named, and has servers of its own.
PROCESSES = $(if $(JOBS),--numprocesses=$(JOBS) --dist=loadscope --no-loadscope-reorder)

test: $(DEV_STAMP) ## everything, with a real Kafka and a real PostgreSQL that it fetches itself; JOBS=2
	@$(BIN)/python -m pytest $(PROCESSES)

check: $(DEV_STAMP) ## format, lint, types, import rules, unit and contract tests: before every commit
	@$(MAKE) -j2 --output-sync=target check-static check-tests

check-static: $(DEV_STAMP)
	@$(BIN)/ruff format --check --quiet . || { echo "make check: run 'make format' to lay out the files above" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check-tests: $(DEV_STAMP)
	@$(BIN)/python -m pytest -q --numprocesses=2 --dist=worksteal tests/unit tests/contract

services: $(DEV_STAMP) ## a real Kafka and PostgreSQL on loopback, until Ctrl-C; prints their addresses
	@$(BIN)/python -m claimstream.devservices up

up: ## in Docker: Kafka, PostgreSQL and the services; returns when all are ready
	@[ -e .env ] || cp .env.example .env
	@docker compose up --detach --build --wait --remove-orphans

down: ## stop them and remove their containers; what they know stays
	@docker compose down

# Those of tests/deploy run when they are named: they need a Docker engine.
DEPLOY_TESTS := $(wildcard tests/deploy/test_*.py)
OTHER_TESTS := $(filter-out tests/deploy/ tests/__pycache__/,$(wildcard tests/*/))

test-compose: $(DEV_STAMP) ## the deployment on a real Docker engine, in copies of its own; some minutes
	@$(BIN)/python -m pytest $(DEPLOY_TESTS)

test-all: $(DEV_STAMP) ## both, as CI does where it has Docker; JOBS=2 in two processes
	@$(BIN)/python -m pytest $(PROCESSES) $(DEPLOY_TESTS) $(OTHER_TESTS)

MINUTES ?= 60
chaos: $(DEV_STAMP) ## kills, cuts, full disks, stepped clocks from a printed seed: MINUTES=60 SEED=7; docs/chaos.md
	@$(BIN)/python -m tests.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY)) \
		$(if $(AWAY),--away $(AWAY))

quality: $(DEV_STAMP) ## how good the claims are, against gold and against the figures committed last; ARGS="--part claims"
	@$(BIN)/python -m quality $(ARGS)

bench: $(DEV_STAMP) ## what a record costs, beside raw aiokafka
	@$(BIN)/python -m bench

load: $(DEV_STAMP) ## what all services carry, how fast, in how much memory; minutes on a quiet machine; ARGS="--pages 100000"
	@$(BIN)/python -m bench --part load $(ARGS)

capacity: $(DEV_STAMP) ## what a deployment needs, from the figures measured last: prints it, writes docs/capacity.md
	@$(BIN)/python -m bench.capacity

schemas: $(DEV_STAMP) ## write JSON Schemas, examples and AsyncAPI from the models, docs/metrics.md from the declarations
	@$(BIN)/python -m shared.contracts.generate
	@$(BIN)/python -m shared.metrics.document
	@$(BIN)/python -m claimstream.errors_page
	@$(BIN)/python -m services.store.api.description
	@$(BIN)/python -m shared.metrics.dashboards

# No configuration of this machine may choose an index or a folder of wheels: the files hold names, versions, hashes.
UV_COMPILE := env -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_CONSTRAINT -u UV_OVERRIDE \
	$(BIN)/uv pip compile pyproject.toml --no-config --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate $(UPGRADE)
SERVICES := fetcher cleaner extractor store

lock: $(DEV_STAMP) ## resolve pyproject.toml into requirements/*.txt; UPGRADE=--upgrade takes newer versions
	@$(UV_COMPILE) --all-extras --group dev -o requirements/all.txt
	@$(UV_COMPILE) --all-extras --group build -c requirements/all.txt -o requirements/claimstream.txt
	@for service in $(SERVICES); do \
		$(UV_COMPILE) --extra $$service --extra tracing -c requirements/all.txt -o requirements/$$service.txt; done

format: $(DEV_STAMP) ## lay out the files and sort the imports
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

clean: ## remove what the targets made, .venv too
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .demo .bench build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@if [ -z "$(PYTHON)" ]; then \
		echo "make: no Python 3.11 or later found on PATH." >&2; \
		echo "      Install one (Debian, Ubuntu: apt install python3 python3-venv), or say PYTHON=/path/to/python3." >&2; exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "make: $(PYTHON) is older than Python 3.11; say PYTHON=/path/to/a/later/python3." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
		echo "make: $(PYTHON) cannot make a virtual environment: its module venv or ensurepip is missing." >&2; \
		echo "      Debian, Ubuntu: apt install python3-venv." >&2; exit 1; }

$(RUN_STAMP): $(VENV)/pyvenv.cfg requirements/claimstream.txt pyproject.toml
	@echo "Installing what claimstream runs on into $(VENV) (once) ..."
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements/claimstream.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/all.txt
	@echo "Installing what the tests need (once) ..."
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements/all.txt
	@touch $@
