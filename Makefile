# Order Desk. `make` alone lists what there is; each target does its own set-up, inside this folder.
.DEFAULT_GOAL := help
.PHONY: help run test test-cluster test-deploy coverage lint bench screenshots client setup
MAKEFLAGS += --no-print-directory
PYTHON_VENV := .venv/bin/python
export PYTHON

help: ## list these commands
	@echo 'Order Desk: the support dashboard that a shop'"'"'s staff keep open all day.'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'Settings and everything else: README.md. Another Python: make PYTHON=/path/to/python3.12 run'

run: ## set up what is missing, then run the dashboard on http://127.0.0.1:8501 (ORDERS_DASHBOARD_PORT)
	@.ci/setup run
	@$(PYTHON_VENV) -m lib.run

test: ## set up what is missing, then run every test (some of them: make test ARGS='tests/unit -k money')
	@.ci/setup dev system
	@$(PYTHON_VENV) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-cluster: ## run the tests with several processes behind nginx alone; part of make test
	@.ci/setup dev system
	@$(PYTHON_VENV) -m pytest tests/cluster $(ARGS)

test-deploy: ## as root, follow docs/deploy.md in a fresh Debian made by debootstrap (ten minutes); no part of make test
	@.ci/setup dev
	@$(PYTHON_VENV) -m pytest tests/deployment/follow_deploy_page.py $(ARGS)

coverage: ## run every test and print how much of lib/ they reach, by branches (half as long again as make test)
	@.ci/setup dev system
	@$(PYTHON_VENV) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov $(ARGS)

lint: ## check style, format and types
	@.ci/setup dev
	@$(PYTHON_VENV) -m ruff check .
	@$(PYTHON_VENV) -m ruff format --check .
	@$(PYTHON_VENV) -m mypy

bench: ## run the benchmarks, with a table at the end
	@.ci/setup dev system
	@$(PYTHON_VENV) -m bench $(ARGS)

screenshots: ## take the pictures under docs/screenshots anew
	@.ci/setup dev system
	@$(PYTHON_VENV) -m pytest tests/e2e --screenshots $(ARGS)

client: ## build the Python client's wheel into dist/, to be installed without the rest of the house
	@.ci/setup dev
	@.ci/client dist
	@ls dist/orders_client-*.whl

setup: ## only set up: .venv with all that development needs
	@.ci/setup dev
