# SpaCE, executable. `make help` lists the targets.
PYTHON     ?= python3
VENV       := .venv
VENV_ARGS  ?=
REPOSITORY ?=
PY         := $(VENV)/bin/python
NOTEBOOKS   = $(patsubst %.md,%.ipynb,$(shell grep -l '^kernelspec:' chapters/*.md))

# One thread a process: the tests run two processes side by side.
export OMP_NUM_THREADS ?= 1
# The stored notebooks and the book must not depend on what else is installed for the user.
export PYTHONNOUSERSITE := 1

.PHONY: help install book strict notebooks test unit nbval test-long clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The stamp is written last: after an interruption the installation starts again.
$(VENV)/installed: requirements.txt pyproject.toml tools/install.py
	$(PYTHON) tools/install.py $(VENV) $(VENV_ARGS)
	@touch $@

install: $(VENV)/installed ## make .venv with the pinned requirements and the package

book: install ## execute every chapter and write the HTML
	$(PY) tools/book.py --repository "$(REPOSITORY)"

strict: install ## the same, every warning an error
	$(PY) tools/book.py --repository "$(REPOSITORY)" --strict

notebooks: install ## write the executed notebook beside every chapter
	$(PY) tools/notebooks.py --repository "$(REPOSITORY)"

# In this order: the browser tests read the pages that `strict` builds.
test: install ## all tests not marked long, every notebook, the strict build
	@$(MAKE) --no-print-directory strict
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory nbval
	@echo "make test: everything passed"

unit: install
	$(PY) -m pytest -n 2 -m "not long" tests

nbval: install
	$(PY) -m pytest -n 2 --dist loadscope --nbval-lax -W default $(NOTEBOOKS)

test-long: test ## test, then the long tests and tests/speed
	$(PY) -m pytest -m long tests

clean: ## remove everything that was built; .venv stays
	rm -rf _build build *.egg-info .pytest_cache .hypothesis
