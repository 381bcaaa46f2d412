# Two commands matter: make demo, make test. Everything they need is set up below .dev/ by themselves.
SHELL := /bin/bash
PYTHON := .dev/venv/bin/python
export ODOO_PORT ?= 8069
export XERO_PORT ?= 5055

.PHONY: demo test test-fast test-odoo test-browser test-faults bench chaos lint format setup clean

demo:
	@python3 dev/bootstrap.py --no-browser
	@$(PYTHON) -m dev.demo $(if $(ONCE),--once)

test: test-fast test-odoo test-faults test-browser

test-fast:
	@python3 dev/bootstrap.py --no-browser
	@$(PYTHON) -m pytest tests/core tests/simulator tests/test_layering.py -q -n 2

test-odoo:
	@python3 dev/bootstrap.py --no-browser
	@$(PYTHON) -m dev.run_tests --odoo
	@$(PYTHON) -m pytest tests/odoo -q

test-browser:
	@python3 dev/bootstrap.py
	@$(PYTHON) -m pytest tests/e2e -q

test-faults:
	@python3 dev/bootstrap.py --no-browser
	@$(PYTHON) -m pytest tests/faults -q -s

bench:
	@python3 dev/bootstrap.py --no-browser
	@for each in push mixed latency cost posting lists; do $(PYTHON) -m benchmarks.$$each || exit 1; done

# The long one, about an hour; without CHAOS a short one. Ends with status 0 if nothing is lost, twice, or different, and all that was asked for happened.
# make chaos CHAOS="--documents 10000 --faults 1000 --kills 100 --minutes 48 --people 9 --companies 3 --patient"
chaos:
	@python3 dev/bootstrap.py --no-browser
	@$(PYTHON) -m tests.faults.chaos $(CHAOS)

lint:
	@python3 dev/bootstrap.py --no-browser --no-odoo
	@$(PYTHON) -m dev.lint

format:
	@python3 dev/bootstrap.py --no-browser --no-odoo
	@$(PYTHON) -m dev.lint --fix

setup:
	@python3 dev/bootstrap.py

clean:
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m dev.databases stop; fi
	@rm -rf .dev
