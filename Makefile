# Every target sets up what it needs: Python 3.11 or later and make are enough to begin with.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$p"; break; }; done)

# The source tree is used where it lies; nothing of ours is installed.
export PYTHONPATH := $(CURDIR)/src

# Tests start hundreds of programs, which would else compile everything anew each time.
export PYTHONDONTWRITEBYTECODE :=

WORKERS ?= 3
UV_FLAGS ?=
PIP_FLAGS ?=
COMPILE = cd requirements && ../.venv-uv/bin/uv pip compile --quiet --generate-hashes --no-header \
	--no-emit-index-url --no-annotate --python-version 3.11 $(UV_FLAGS)

# Half of a test's time would go into flushing to a disk what ends with it: files lie in memory where there is room.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df --output=avail -BG /dev/shm 2>/dev/null | tr -dc '0-9\n' | tail -1)" -ge 8 ] && echo /dev/shm)
IN_MEMORY = folder=$$(mktemp -d $(MEMORY:%=-p %)) && trap 'rm -rf "$$folder"' EXIT && TMPDIR="$$folder"

.PHONY: help install demo demo-draw test test-long test-postgres lint night bench requirements python

help:
	@echo "make install       what ./gongchou needs, into .venv-run (PIP_FLAGS='--no-index --find-links FOLDER' offline)"
	@echo "make demo          the platform with an invented city (ARGS='--full --fresh --port 9000')"
	@echo "make demo-draw     one draw, from register to verified bundle (installs nothing)"
	@echo "make test          the tests"
	@echo "make test-long     longer journeys, installations and races"
	@echo "make test-postgres what touches the database, once more on PostgreSQL"
	@echo "make lint          style, types, import contracts, forbidden words"
	@echo "make night         the long tests"
	@echo "make bench         the benchmarks"
	@echo "make requirements  compile requirements/*.in again (UV_FLAGS=--upgrade for newer versions)"

python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 or later was not found. Install it, or say where it is: make PYTHON=..." >&2; exit 1; fi

install: .venv-run/.ready

demo: .venv-run/.ready
	@.venv-run/bin/python tools/demo.py $(ARGS)

demo-draw: | python
	@$(PYTHON) tools/demo_draw.py

test: .venv/.ready
	$(IN_MEMORY) .venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: .venv/.ready
	$(IN_MEMORY) .venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "long and not night" $(ARGS)

test-postgres: .venv/.ready
	$(IN_MEMORY) .venv/bin/python tools/with_postgres.py \
		.venv/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "database and not night and not alike" $(ARGS)

# All checks run, so that one round shows every complaint; the target fails if any of them did.
lint: .venv/.ready
	@status=0; \
	run() { echo "+ $$*"; "$$@" || status=1; }; \
	run .venv/bin/ruff check .; \
	run .venv/bin/ruff format --check .; \
	run .venv/bin/mypy; \
	run .venv/bin/lint-imports --no-cache; \
	run .venv/bin/python tools/check_tree.py; \
	run .venv/bin/python tools/fold_migrations.py --check; \
	exit $$status

night: .venv/.ready
	$(IN_MEMORY) .venv/bin/python -m pytest -n $(WORKERS) -m night $(ARGS)
	$(IN_MEMORY) .venv/bin/python tools/with_postgres.py .venv/bin/python -m pytest -n $(WORKERS) -m "database and (night or alike) and not browser" $(ARGS)
	$(IN_MEMORY) GONGCHOU_EXAMINE_ALL=1 .venv/bin/python -m pytest -n $(WORKERS) -m "not night" tests/journeys $(ARGS)
	$(IN_MEMORY) GONGCHOU_EXAMINE_ALL=1 .venv/bin/python tools/with_postgres.py .venv/bin/python -m pytest -n $(WORKERS) -m "not night" tests/journeys $(ARGS)

bench: .venv-bench/.ready
	.venv-bench/bin/python -m benchmarks $(ARGS)

requirements: .venv-uv/.ready
	$(COMPILE) uv.in -o uv.txt
	$(COMPILE) run.in -o run.txt
	$(COMPILE) dev.in -o dev.txt
	$(COMPILE) bench.in -o bench.txt

# The stamp is written last, so an installation that broke off is made again from nothing.
define environment
rm -rf $(@D)
$(PYTHON) -m venv $(@D)
$(@D)/bin/python -m pip install --quiet --disable-pip-version-check $(PIP_FLAGS) --require-hashes -r $<
touch $@
endef

.venv/.ready: requirements/dev.txt | python
	$(environment)

.venv-run/.ready: requirements/run.txt | python
	$(environment)

.venv-bench/.ready: requirements/bench.txt | python
	$(environment)

.venv-uv/.ready: requirements/uv.txt | python
	$(environment)
