# A fresh clone needs Python 3.11, make and pip; everything else goes into .venv.
#
#   make demo       walk four real samples through every step, into demo-out/
#   make lab        open JupyterLab with the notebooks
#   make test       what has to pass before a change goes in
#   make campaign   the long form of the fuzz, kill and load tests
#   make bench      every figure we quote on speed and memory, measured again
#   make bench-embedding   what each model's vectors know, into docs/embedding.md
#   make bench-science     how well motifs are told apart and comparisons hold, into docs/science.md
#   make train      the weights of the built-in encoder, made anew
#   make lint       style, types, spelling, clean notebooks; the same as pre-commit
#   make clean      remove all that the other targets made
#
# Torch comes from pip's index like the rest. Where that index has only large GPU builds, name another:
#   make demo TORCH_OPTIONS='--index-url URL-OF-CPU-BUILDS'
# More for pytest:  make test ARGS='tests/unit/store -k upload'

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
JOBS ?= 2
ARGS ?=
TORCH_OPTIONS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALL := $(PIP) install --prefer-binary --constraint constraints.txt
PINNED := pyproject.toml constraints.txt
# Programs that the tests and hooks start by name are the ones in the environment.
export PATH := $(abspath $(BIN)):$(PATH)
# Python keeps what it compiles, whatever is set outside: each of the many programs that a demo or the
# tests start would compile the same modules again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo lab test campaign bench bench-embedding bench-science train lint clean
.DELETE_ON_ERROR:

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "OmicsToken needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(PINNED) | $(VENV)/bin/python
	@echo "Installing into $(VENV); this takes two or three minutes once."
	@$(INSTALL) $(TORCH_OPTIONS) torch
	@$(INSTALL) --editable .
	@touch $@

# Not built on .installed: one installation of everything takes half as long as two. What is never
# imported is not compiled.
$(VENV)/.installed-test: $(PINNED) | $(VENV)/bin/python
	@echo "Installing into $(VENV); this takes two or three minutes once."
	@$(INSTALL) --no-compile $(TORCH_OPTIONS) torch
	@$(INSTALL) --no-compile --editable '.[test]'
	@# Only its table of labelled ligands is read; what its program needs is large and not needed.
	@$(INSTALL) --no-compile --no-deps immunotype
	@touch $(VENV)/.installed $@

help:
	@sed -n 's/^#   \(make [a-z-]*  \)/\1/p' Makefile

demo: $(VENV)/.installed
	@$(BIN)/omicstoken demo --out demo-out

lab: $(VENV)/.installed
	@$(BIN)/omicstoken lab

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder -m 'not campaign' $(ARGS)

campaign: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m campaign --timeout=14400 $(ARGS)

bench: $(VENV)/.installed-test
	@set -e; for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script; done

bench-embedding: $(VENV)/.installed-test
	@$(BIN)/python benchmarks/bench_embedding.py

bench-science: $(VENV)/.installed-test
	@$(BIN)/python benchmarks/bench_motifs.py
	@$(BIN)/python benchmarks/bench_compare.py --write

train: $(VENV)/.installed-test
	@$(BIN)/python -m training

lint: $(VENV)/.installed-test
	ruff check
	ruff format --check
	mypy
	codespell
	find notebooks -name '*.ipynb' -not -path '*/.*' -exec nbstripout --verify --keep-id {} +

clean:
	rm -rf $(VENV) demo-out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
