# Festoon. `make help` explains every target. Every path is relative: a folder's name may hold spaces.

SHELL := /bin/sh
PYTHON ?=
PY := .venv/bin/python
UP := exec $(PY) -m app.up --stop-with-parent
MESSAGES := $(PY) -m babel.messages.frontend
PYTEST := $(PY) -m pytest
WORKERS ?= 2
INTO ?= var/screens

.PHONY: help run dev prod test verify lint format types imports messages new-type migrate upgrade downgrade \
	lock browser clamd lighthouse screens screenshots requirements contract bench rush clean
.DEFAULT_GOAL := help

help: ## Explain every target
	@awk 'BEGIN {FS = ":.*## "} /^## / {printf "\n%s\n", substr($$0, 4)} \
		/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' Makefile

## Run it

run: .venv/ready ## Start everything: PostgreSQL, Valkey, web, worker, clock; stop it with Ctrl-C
	@$(UP)

dev: .venv/ready-dev ## The same, with faults shown to developers and changed code read anew
	@FESTOON_DEBUG=true $(UP)

prod: .venv/ready ## The same in production mode, which refuses an unsafe set-up
	@FESTOON_ENV=production $(UP)

## Check it

test: .venv/ready-dev ## Run every test that is not marked `long`, and ask for 90 % of lines
	@$(PYTEST) -n $(WORKERS) --cov --cov-report= --cov-fail-under=90 $(ARGS)

verify: .venv/ready-dev ## Run the long proofs: races, fuzzing, kills, the largest set
	@$(PYTEST) -n $(WORKERS) -m long --timeout=900 $(ARGS)

lint: .venv/ready-dev ## Check style and order with ruff, and the YAML files
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m yamllint --strict -d "{extends: default, rules: {line-length: {max: 120}, document-start: disable}}" deploy

types: .venv/ready-dev ## Check types with mypy
	@$(PY) -m mypy

imports: .venv/ready-dev ## Check who may import whom
	@$(PY) -c 'from importlinter.cli import lint_imports_command as check; check()' --no-cache

format: .venv/ready-dev ## Write Python as the formatter would
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format --quiet .

requirements: .venv/ready-dev ## Write which requirement is proved by which test
	@$(PY) -m tests.rules.requirements

contract: .venv/ready-dev ## Release today's public contract: later ones must keep what it promises
	@$(PY) -m tests.rules.contract

screenshots: .venv/ready-dev browser ## Take the pictures of the README anew
	@$(PY) -m app.up with $(PY) -m tests.journeys.screenshots

screens: .venv/ready-dev browser ## Take pictures of all screens of the demo to look at: make screens INTO=var/screens
	@$(PY) -m app.up with $(PY) -m tests.journeys.screenshots --all "$(INTO)"

bench: .venv/ready-dev ## Measure against peers; the figures go into docs/performance.md
	@$(PY) -m bench

rush: .venv/ready-dev ## Let hundreds ask for one room at once; the figures go into docs/performance-rooms.md
	@$(PY) -m bench.rush

## Change it

new-type: .venv/ready-dev ## Begin a content type: make new-type NAME=gift (for another plural: NAME="story --plural stories")
	@$(PY) -m app.up with $(PY) -m flask new-type $(NAME)

migrate: .venv/ready-dev ## Write a migration from the models: make migrate M="add a colour to themes"
	@$(PY) -m app.up with $(PY) -m flask db migrate -m "$(M)"

upgrade: .venv/ready ## Bring the database up to date
	@$(PY) -m app.up --as-it-is with $(PY) -m flask db upgrade

downgrade: .venv/ready ## Take the newest migration back
	@$(PY) -m app.up --as-it-is with $(PY) -m flask db downgrade

messages: .venv/ready-dev ## Gather the interface's sentences into the catalogues, and compile them
	@mkdir -p .make
	@$(MESSAGES) -q extract -F babel.cfg -k _l -k lazy_gettext -o .make/messages.pot --project=Festoon \
		--copyright-holder="The Festoon authors" --no-location --sort-output --omit-header --width 100 \
		--add-comments "Translators:" .
	@for locale in $$(ls translations); do \
		$(MESSAGES) -q update -i .make/messages.pot -d translations -l $$locale \
			--width 100 --no-fuzzy-matching --ignore-pot-creation-date || exit 1; \
	done
	@$(MESSAGES) -q compile -d translations
	@$(if $(wildcard translations/*/LC_MESSAGES/flask_appbuilder.po),$(MESSAGES) -q compile -d translations -D flask_appbuilder)

lock: pyproject.toml ## Pin every dependency with hashes, from pyproject.toml
	@$(call environment,.make/lock)
	@.make/lock/bin/python -m pip install --quiet uv
	@for set in "requirements.txt" "requirements-embedded.txt --extra embedded" \
		"requirements-dev.txt --extra embedded --extra dev"; do \
		set -- $$set; file=$$1; shift; \
		.make/lock/bin/python -m uv pip compile --quiet pyproject.toml "$$@" --universal --python-version 3.11 \
			--generate-hashes --no-header -o $$file || exit 1; \
	done

browser: ## Install Chromium where there is none (Debian and Ubuntu)
	@deploy/browser.sh

lighthouse: browser ## Install Lighthouse, and Node.js where there is none (Debian and Ubuntu)
	@deploy/lighthouse.sh

clamd: ## Install the virus scanner that tests use where there is none (Debian and Ubuntu)
	@deploy/clamd.sh

clean: ## Remove what can be made anew; the data in var/ stays
	@rm -rf .venv .make .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage
	@find app tests migrations bench -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment: made once, renewed when the pinned requirements change.

.venv/ready: requirements-embedded.txt
	@$(call environment,.venv)
	@deploy/install.sh requirements-embedded.txt requirements.txt
	@touch $@

.venv/ready-dev: requirements-dev.txt
	@$(call environment,.venv)
	@deploy/install.sh requirements-dev.txt
	@touch .venv/ready $@

environment = deploy/environment.sh "$(1)" $(PYTHON)
