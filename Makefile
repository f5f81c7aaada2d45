# `make` alone lists the targets. Everything is installed into .venv, and nothing else is touched.

EVENT ?= events/default.json
OUT ?= out
# The dataset of the last run into that folder.
LAST = $(shell ls -t "$(OUT)"/*.manifest.json 2>/dev/null | head -n 1)
FILE ?= $(or $(patsubst %.manifest.json,%.csv,$(LAST)),$(OUT)/synthetic_transactions_labeled.csv)
CONFIG_ENV ?= default
SITE ?= site
WORKERS ?= 2

# Each candidate is tried, because a version manager's shim may be on PATH and still fail.
# 3.13 comes first: Lambda runs it, and `sam build` needs it.
CANDIDATES = python3.13 "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.13.*/bin/python3 \
	python3.12 python3.11 python3.14 python3
USABLE = import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

VENV_PYTHON = .venv/bin/python
INSTALL = $(VENV_PYTHON) -m pip -qq --disable-pip-version-check install --no-deps --no-compile
UV = uv==0.13.9
EVERYWHERE = --universal --python-version 3.11
LOCK = $(VENV_PYTHON) -m uv pip compile --quiet $(EVERYWHERE) \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

define STATIC_CHECKS
$(VENV_PYTHON) -m ruff format --check .
$(VENV_PYTHON) -m ruff check .
$(VENV_PYTHON) -m mypy
endef

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export SAM_CLI_TELEMETRY = 0
# Without bytecode every start would compile moto and botocore again, which takes longer than the job.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help run evaluate check test pythons test-localstack campaign mutants bench rehearse lock build \
	deploy picture docs clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/local ## Run the whole job on this machine: EVENT=events/default.json OUT=out
	@$(VENV_PYTHON) -m accidental_transfers.local.run --event "$(EVENT)" --output "$(OUT)"

evaluate: .venv/tests ## Judge the dataset of the last run, or another: OUT=out FILE=….csv
	@$(VENV_PYTHON) -m accidental_transfers.local evaluate "$(FILE)"

check: .venv/tests ## Check quickly, before a commit: format, lint, types, quick tests
	$(STATIC_CHECKS)
	$(VENV_PYTHON) -m pytest -m "not slow"

test: .venv/tests ## Check everything: format, lint, types, template, state machine, all tests
	$(STATIC_CHECKS)
	$(VENV_PYTHON) -m pytest -n $(WORKERS) --dist loadfile

pythons: .venv/tests ## Try the library and the command on every Python from 3.11 that is installed
	@$(VENV_PYTHON) -m tests.pythons.run

test-localstack: .venv/tests .venv-localstack/installed ## Deploy to LocalStack and use it, without Docker: some five minutes
	LOCALSTACK_PYTHON="$(CURDIR)/.venv-localstack/bin/python" $(VENV_PYTHON) -m pytest tests/localstack

campaign: .venv/tests ## Try every fault, spoilt state, hostile input and schedule; print the figures
	@$(VENV_PYTHON) -m tests.campaign.run --workers $(WORKERS)

mutants: .venv/tests ## Take out one promise of the protocol after the other; see the tests notice
	@$(VENV_PYTHON) -m tests.mutants.run

picture: .venv/tests ## Draw docs/card.png, the default dataset's card, with Chromium
	@$(VENV_PYTHON) -m accidental_transfers.local.run --event events/default.json --output "$(OUT)"
	@$(VENV_PYTHON) -m tests.card.picture "$(OUT)/synthetic_transactions_labeled.html" docs/card.png

docs: .venv/tests ## Write what documents have from the code anew, then the site: SITE=site
	@$(VENV_PYTHON) -m accidental_transfers.local.documents
	@$(VENV_PYTHON) -m tests.newcomer.notebook
	@$(VENV_PYTHON) -m sphinx --quiet --nitpicky --fail-on-warning --conf-dir docs . "$(SITE)"

bench: .venv/tests ## Measure rows per CPU-second and peak memory
	@$(VENV_PYTHON) -m benchmarks.run

rehearse: .venv/local ## Rehearse the largest join, at S3's latencies: some ten minutes
	@$(VENV_PYTHON) -m benchmarks.rehearsal

build: .venv/tests ## Build the Lambda artefacts with the SAM CLI
	sam build

deploy: .venv/tests ## Build and deploy to AWS: BUCKET=a-name-of-your-own CONFIG_ENV=default
	@$(VENV_PYTHON) -m accidental_transfers.local.deploy \
		--bucket "$(BUCKET)" --config-env "$(CONFIG_ENV)" $(PARAMETERS)

lock: .venv/created ## Lock the newest dependencies that pyproject.toml allows, with hashes
	@$(VENV_PYTHON) -m pip -qq --disable-pip-version-check install "$(UV)"
	@$(LOCK) --upgrade pyproject.toml --group dev --extra evaluate --extra parquet -o tests/requirements.txt
	@$(LOCK) pyproject.toml --group local -c tests/requirements.txt -o src/requirements-local.txt
	@$(LOCK) -c tests/requirements.txt --group lambda -o src/requirements.txt
	@echo pyarrow | $(LOCK) -c tests/requirements.txt -o src/requirements-parquet.txt -
	@$(subst $(EVERYWHERE),--python-platform linux --python-version 3.13,$(LOCK)) --upgrade \
		--group localstack -o tests/localstack/requirements.txt

clean: ## Remove the environment, the build and all caches; out/ stays
	rm -rf .venv .venv-localstack .venv-pythons .aws-sam dist site \
		.hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

.venv/created:
	@rm -rf .venv
	@for python in $(if $(PYTHON),"$(PYTHON)",$(CANDIDATES)); do \
		if "$$python" -c '$(USABLE)' 2>/dev/null; then \
			echo "Setting up .venv with $$("$$python" --version), once …"; \
			"$$python" -m venv .venv && touch $@; \
			exit; \
		fi; \
	done; \
	echo >&2 "Python 3.11 or newer with venv is needed. $(if $(PYTHON),$(PYTHON) is not suitable.,None was found.)"; \
	echo >&2 "On Debian: apt install python3-venv. Or name another one: make PYTHON=/path/to/python3"; \
	exit 1

.venv/local: .venv/created src/requirements-local.txt pyproject.toml
	@echo "Installing what a run needs, about half a minute …"
	@$(INSTALL) --require-hashes -r src/requirements-local.txt
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

.venv/tests: .venv/local tests/requirements.txt
	@echo "Installing what the checks need, about a minute …"
	@$(INSTALL) --require-hashes -r tests/requirements.txt
	@touch $@

# The functions run in it, by Lambda's version of Python.
.venv-localstack/installed: .venv/created tests/localstack/requirements.txt
	@$(VENV_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' || \
		{ echo >&2 "Python 3.13 is needed: make clean; make test-localstack PYTHON=python3.13"; exit 1; }
	@echo "Installing LocalStack into .venv-localstack, about a minute …"
	@rm -rf .venv-localstack
	@$(VENV_PYTHON) -m venv .venv-localstack
	@.venv-localstack/bin/python -m pip -qq --disable-pip-version-check install --no-deps \
		--require-hashes -r tests/localstack/requirements.txt
	@touch $@
