# `make run` and `make test` are all that a new machine needs; the rest is for who changes the code.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
UP     ?=
TESTS  ?=
WORKERS ?= 2

.PHONY: run test orders coverage rules bench bench-seats rush fairness screenshots check format hooks notices lock env dev-env clean

run: env
	$(BIN)/paspor up $(UP)

# In random order, by the seed that is printed: make test TESTS="tests/api --randomly-seed=1" WORKERS=0
test: dev-env
	$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

# Ten thousand random orders of bills, payments and deadlines; number and seed are printed. ORDERS=100 SEED=7 as you like.
ORDERS ?= 10000
SEED   ?= 0
orders: dev-env
	PASPOR_ORDERS=$(ORDERS) PASPOR_SEED=$(SEED) $(BIN)/python -m pytest -q -s -p no:randomly tests/orders

# The same, counting lines and branches, in the processes of installations too: half as much work again.
coverage: dev-env
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term-missing $(TESTS)

# Facts and rules, by their own tests: every branch.
rules: dev-env
	$(BIN)/python -m pytest --quiet --no-header tests/workflows/case \
	    --cov=workflows.case --cov-fail-under=100 --cov-report=term-missing

# What a case costs, beside a bare workflow; the figures go into docs/benchmark.md. BENCH=--quick only tries it.
BENCH  ?= --write docs/benchmark.md --out build/benchmark.json
bench: dev-env
	$(BIN)/python -m tests.benchmarks $(BENCH)

# 2,000 people, 280 seats, clients and database killed, by twenty seeds; the figures go into docs/seats.md.
RUSH   ?= --write docs/seats.md --out build/rush.json
rush: dev-env
	$(BIN)/python -m tests.rush $(RUSH)

# Bookings a second beside pgbench, directly and through the API; the figures go into docs/seats.md.
SEATS  ?= --write docs/seats.md --out build/seats.json
bench-seats: dev-env
	$(BIN)/python -m tests.benchmarks.seats $(SEATS)

# What a broker's speed is worth where a returned seat goes to a draw, and at once to the public; into docs/fairness.md.
FAIRNESS ?= --write docs/fairness.md --out build/fairness.json
fairness: dev-env
	$(BIN)/python -m tests.fairness $(FAIRNESS)

# The tests that show pages of applicants, officers and auditors, each page photographed on its way.
screenshots: dev-env
	PASPOR_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest -q -m pages tests/journeys

check: rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mypy docker/tools/*.py
	$(BIN)/mypy --package tests.checks --package tests.benchmarks --package tests.rush --package tests.fairness
	$(BIN)/python -m tests.checks.dead
	$(BIN)/djlint --lint --quiet api
	$(BIN)/python -m tests.checks.locks
	$(BIN)/python -m tests.checks.licences
	PYTHONWARNINGS=ignore $(BIN)/deptry .
	PYTHONWARNINGS=ignore $(BIN)/deptry tests --config tests/checks/deptry.toml
	$(BIN)/python -m tests.checks.scripts .ci/run docker/temporal/*.sh
	$(BIN)/hadolint docker/Dockerfile
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker/compose.yaml
	$(BIN)/compose-lint check --quiet --fail-on low --strict-config --config docker/compose-lint.yaml --skip-suppressed docker/compose.yaml

format: dev-env
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What is owed to the authors of what `paspor up` runs with: packages, the database and the engine. The image has its own.
notices: env
	$(BIN)/python docker/tools/notices.py --lock requirements.txt build/THIRD-PARTY-NOTICES.md

# Git runs what is quick in `check` over what is committed.
hooks: dev-env
	$(BIN)/prek install

env: $(VENV)/.runs
dev-env: $(VENV)/.develops

$(VENV)/.runs: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

$(VENV)/.develops: $(VENV)/.runs requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# Needs `uv` on the path. The lock names no index, so that any mirror serves it.
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --no-header --no-annotate
lock: dev-env
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(BIN)/python -m tests.checks.locks --seal

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
