# `make help` lists what can be made. Every target works in a fresh clone with python3 (3.11+) and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
MLFLOW_VENV := .venv-mlflow
SPARK_VENV := .venv-spark
# The second interpreter that the suite runs on, with PostgreSQL: a python3.12 that starts.
PYTHON312 ?= $(shell for p in python3.12 "$$HOME/.pyenv/versions/3.12.1/bin/python3.12"; do $$p -c 'import venv' 2>/dev/null && echo $$p && break; done)

# What asks the database. Interfaces hold no query of their own: they are tested on SQLite, and each door is opened once
# on PostgreSQL (tests/security/test_answers.py); `make soak` runs all of them there. The sweeps over every address
# ask who may come in, which no database answers differently.
ON_DATABASE := tests/analysis/engines tests/domain tests/faults tests/security \
	$(addprefix --ignore=tests/security/test_,csrf.py headers.py idor.py permissions.py redirects.py)

# Where it is set, each of the hundreds of processes that the tests start would compile Headway anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 16

# What fills an environment: uv, in a third of pip's processor time and by the same hashes; where it cannot be
# had, or cannot reach an index that pip can, pip itself.
INSTALLER := .venv-installer
$(INSTALLER)/.done: installer.txt
	$(PYTHON) -m venv $(INSTALLER)
	-$(INSTALLER)/bin/pip install --quiet --require-hashes -r installer.txt
	@touch $@
# $(call fill,environment,arguments)
fill = $(INSTALLER)/bin/uv pip install --quiet --python $(1)/bin/python $(2) || $(1)/bin/pip install --quiet $(2)

# In all of them, what is imported is compiled when it is: a tenth of what they hold.
$(VENV)/.done: constraints.txt pyproject.toml | $(INSTALLER)/.done
	$(PYTHON) -m venv $(VENV)
	$(call fill,$(VENV),--require-hashes -r constraints.txt)
	$(call fill,$(VENV),--no-deps --no-build-isolation --editable .)
	$(BIN)/python -m compileall -q src
	@touch $@

$(MLFLOW_VENV)/.done: examples/constraints.txt | $(INSTALLER)/.done
	$(PYTHON) -m venv $(MLFLOW_VENV)
	$(call fill,$(MLFLOW_VENV),--require-hashes -r examples/constraints.txt)
	@touch $@

# Spark, which is asked what DuckDB is asked; it needs Java 17.
$(SPARK_VENV)/.done: tests/peers/spark/constraints.txt | $(INSTALLER)/.done
	$(PYTHON) -m venv $(SPARK_VENV)
	$(call fill,$(SPARK_VENV),--require-hashes -r tests/peers/spark/constraints.txt)
	@touch $@

# Other people's schedulers, for the benchmarks alone.
.venv-peers/.done: benchmarks/peers/constraints.txt | $(INSTALLER)/.done
	$(PYTHON) -m venv .venv-peers
	$(call fill,.venv-peers,--require-hashes -r benchmarks/peers/constraints.txt)
	@touch $@

peers: .venv-peers/.done  ## make the environment of the schedulers that `make bench` compares with

$(VENV)-312/.done: constraints.txt | $(INSTALLER)/.done
	$(PYTHON312) -m venv $(VENV)-312
	$(call fill,$(VENV)-312,--require-hashes -r constraints.txt)
	$(call fill,$(VENV)-312,--no-deps --no-build-isolation --editable .)
	@touch $@

# Every environment that the checks need: side by side, they are there in half the time.
ENVIRONMENTS := $(VENV)/.done $(MLFLOW_VENV)/.done $(SPARK_VENV)/.done $(if $(PYTHON312),$(VENV)-312/.done)

install: $(VENV)/.done  ## make .venv with everything in constraints.txt

demo: $(VENV)/.done  ## fill the sample portfolio and open it
	$(BIN)/headway demo

clear-demo: $(VENV)/.done  ## remove the sample's own data folder
	$(BIN)/headway demo --clear

# A worker for each of two cores, and one for the time in which the others wait for a browser or a server.
test: $(VENV)/.done $(MLFLOW_VENV)/.done $(SPARK_VENV)/.done  ## run the tests on SQLite
	$(BIN)/pytest -n 3 --dist loadgroup

fast: $(VENV)/.done  ## run the tests that need no browser, no MLflow, no fault
	$(BIN)/pytest -q -m "not browser and not mlflow and not spark and not fault and not slow"

format: $(VENV)/.done  ## rewrite the code in the house style
	$(BIN)/ruff format src tests benchmarks examples
	$(BIN)/ruff check --fix src tests benchmarks examples

lint: $(VENV)/.done  ## style, bans and their reasons, import contracts
	$(BIN)/ruff format --check src tests benchmarks examples
	$(BIN)/ruff check src tests benchmarks examples
	$(BIN)/lint-imports

types: $(VENV)/.done  ## mypy, strict
	HEADWAY_HOME=$$(mktemp -d) $(BIN)/mypy

check:  ## everything that must hold before a change lands
	$(MAKE) --jobs 2 --output-sync=target environments lint types kernels compiled
	$(MAKE) test
	$(MAKE) test-postgres

environments: $(ENVIRONMENTS)

kernels: $(ENVIRONMENTS)  ## compile the simulation and the levelling for each interpreter, once
	@for bin in $(BIN) $(if $(PYTHON312),$(VENV)-312/bin); do \
		$$bin/python -c 'from headway.analysis.compiled import KERNELS, load; [load(name) for name in KERNELS]'; \
	done

compiled: $(ENVIRONMENTS)  ## rewrite the asserts of the tests, once for all workers
	@$(BIN)/pytest -q -p tests.compiled --noconftest -p no:django
	@$(if $(PYTHON312),$(VENV)-312/bin/pytest -q -p tests.compiled --noconftest -p no:django $(filter-out --%,$(ON_DATABASE)))

test-postgres: $(ENVIRONMENTS)  ## run the tests on PostgreSQL, with Python 3.12 where there is one
	sh tests/peers/on_postgres.sh $(if $(PYTHON312),$(VENV)-312,$(VENV)) -m "not browser and not mlflow and not spark and not own_sqlite" $(ON_DATABASE)

example: $(MLFLOW_VENV)/.done  ## train the example program again and remake its evidence
	$(MLFLOW_VENV)/bin/python -m examples.program.run_all

bench: $(VENV)/.done  ## print the benchmarks, each as a ratio to a named peer or floor
	$(BIN)/python -m benchmarks

soak: $(VENV)/.done $(MLFLOW_VENV)/.done  ## the heavy volumes that CI leaves out
	HEADWAY_KILLS=200 $(BIN)/pytest -q -m fault
	HEADWAY_CASES=100 $(BIN)/pytest -q tests/interfaces/api/test_schema.py
	sh tests/peers/on_postgres.sh $(if $(PYTHON312),$(VENV)-312,$(VENV)) tests/domain/installation/actions/test_start.py
	sh tests/peers/on_postgres.sh $(if $(PYTHON312),$(VENV)-312,$(VENV)) -m "not browser and not mlflow and not own_sqlite" tests/interfaces tests/security
	HEADWAY_DRIFT_ROWS=100000 $(BIN)/pytest -q tests/analysis/drift/test_comparing.py

lock: $(VENV)/.done  ## compile constraints.txt anew (needs uv on the PATH)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras --group dev --group build pyproject.toml -o constraints.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header examples/requirements.in -o examples/constraints.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header tests/peers/spark/requirements.in -o tests/peers/spark/constraints.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header benchmarks/peers/requirements.in -o benchmarks/peers/constraints.txt
	echo uv | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate - -o installer.txt

clean:  ## remove what was made
	rm -rf $(VENV) $(MLFLOW_VENV) $(SPARK_VENV) .venv-312 .venv-peers .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.PHONY: help install peers environments demo clear-demo test fast format lint types check environments kernels compiled test-postgres example bench soak lock clean
