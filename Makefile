# Every target is one line that calls a script or a tool; `make` alone explains them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
T ?= tests

##@ Use

run: .venv/.run-ready assets ## Run everything: database, web, worker, demonstration data
	@$(BIN)/flask up

stop: .venv/.run-ready ## Stop the embedded database, should a killed run have left it
	@$(BIN)/flask db stop

doctor: .venv/.run-ready ## Say what is wrong with this installation
	@$(BIN)/flask doctor

##@ Check

check: lint ## What to run before each commit: lint, and the laws
	@$(BIN)/python -m pytest -n 2 -q tests/laws

test: lint browser ## Everything: lint, and all tests in two processes (T=tests/identity: a part)
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q $(T)

lint: dev ## Format, lint, types, import contracts, components, reference pages
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/flask components check
	@$(BIN)/flask event-types check
	@$(BIN)/flask reference check

fix: dev ## Format, and mend what ruff can mend
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

##@ Prove and measure (long)

proofs: browser ## The whole matrices in a real browser: axe, keyboard, layout, themes, widths
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m proof -q $(T)

budgets: browser ## LCP, INP and CLS of every page on a slow machine, against components/budgets.json
	@$(BIN)/python -m tests.budgets

bench: dev ## Speed of the audit log at BENCH_ROWS events (1,000,000), beside SQL written by hand
	@$(BIN)/python -m tests.bench

bench-ui: dev ## What the components cost against HTML written by hand
	@$(BIN)/python -m components.bench

fuzz: dev ## 200,000 events and 20,000 queries, good and hostile, judged by a second opinion
	@$(BIN)/python -m tests.fuzz

kill: dev ## Kill web, worker and database 100 times at work; nothing acknowledged may be lost
	@$(BIN)/python -m tests.kill

evals: dev ## Run all cases of the evaluation with the built-in provider, in a database of its own
	@BALLAST_DATA_DIR=var/evals/data $(BIN)/flask db prepare
	@PGOPTIONS='-c synchronous_commit=off' BALLAST_DATA_DIR=var/evals/data $(BIN)/flask evals run

injections: dev ## Hostile text in every field of a log, against rules and against obeying models
	@$(BIN)/python -m tests.evals.injections

chaos: dev ## A model that fails at every third call, and workers killed while they ask and draft
	@$(BIN)/python -m tests.chaos.model --calls 1000 --share 0.3 --kills 30
	@$(BIN)/python -m tests.chaos.drafting --kills 50

sheet: browser ## Every example and every page as one contact sheet, in var/contact-sheet
	@$(BIN)/python -m tests.contact_sheet

##@ Maintain

reference: dev ## Write the generated pages of docs/reference anew
	@$(BIN)/flask reference write

lock: dev ## Resolve the locks anew from pyproject.toml and package.json
	@./.ci/lock

clean: ## Remove what can be made again, but not .data
	@rm -rf .venv node_modules components/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis

##@ Parts of the above

.venv/.run-ready: requirements.lock
	@PYTHON=$(PYTHON) ./.ci/environment requirements.lock $@

.venv/.dev-ready: requirements-dev.lock
	@PYTHON=$(PYTHON) ./.ci/environment requirements-dev.lock $@

dev: .venv/.dev-ready assets

assets: package-lock.json ## Bring the browser files, checked against their hashes
	@$(BIN)/python -m components.vendor

browser: .venv/.dev-ready ## Find Chromium for the journeys, or install it where we may
	@./.ci/browser

help: ## Show this help
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run stop doctor check test lint fix proofs budgets bench bench-ui fuzz kill evals injections chaos sheet reference lock clean dev assets browser help
