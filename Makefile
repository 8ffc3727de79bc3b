# The contributor's chores. Everything here also works without make; see CONTRIBUTING.md.

PYTHON := .venv/bin/python

.PHONY: run check format test e2e lock bench shots

run:            ## the studio
	python3 start.py

check:          ## everything that CI runs
	python3 start.py test

format:         ## put Python and templates into their form
	$(PYTHON) -m ruff check --fix-only . && $(PYTHON) -m ruff format .
	.venv/bin/djade --target-version 6.1 $$(find templates -name '*.html')

test:           ## the quick tests alone
	$(PYTHON) -m pytest -m "not browser and not firefox and not kill and not html" -n auto

e2e:            ## the browser tests alone
	$(PYTHON) -m pytest -m browser -n 2

lock:           ## pin every package anew: make lock UPGRADE=--upgrade
	$(PYTHON) -m scripts.lock $(UPGRADE)

bench:          ## measure, and write docs/performance.md
	$(PYTHON) -m benchmarks

shots:          ## the screenshots in docs/images
	$(PYTHON) -m scripts.shots
