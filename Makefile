# make demo   the main job on the embedded default       make check   format, lint, types
# make test   checks and all tests                       make lock    exact versions, anew
# make base   the tiny decoder, trained from nothing (about two hours on two cores; resumable)
# make bench  Overtone's engine against its peers (hours; BENCH="--quick" tries it out)

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
BENCH_PIP := .venv-bench/bin/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/pip-compile --quiet --no-header --strip-extras --no-emit-find-links --no-emit-index-url
ONE_THREAD := OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE

.DELETE_ON_ERROR:
.PHONY: demo test check lock base bench clean

demo: .venv/demo.stamp
	$(BIN)/overtone demo

test: check
	$(ONE_THREAD) $(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/test.stamp
	scripts/check

base: .venv/demo.stamp
	$(BIN)/python -m base.build --out base/out/text
	$(BIN)/python -m base.pretrain --text base/out/text --out base/out
	$(BIN)/python -m base.measure --text base/out/text --date $$(date +%F)

# For example: make bench BENCH="--workloads sft dpo --repeats 3"
bench: .venv-bench/bench.stamp
	$(ONE_THREAD) .venv-bench/bin/python -m benchmarks.engine $(BENCH)

lock: .venv/test.stamp
	$(LOCK) --output-file requirements/demo.txt requirements/demo.in
	$(LOCK) --allow-unsafe --output-file requirements/test.txt requirements/test.in
	$(LOCK) --output-file requirements/bench.txt requirements/bench.in
	sed -i 's/+cpu$$//' requirements/demo.txt requirements/test.txt requirements/bench.txt

clean:
	rm -rf .venv .venv-bench .mypy_cache .pytest_cache .ruff_cache

# A stamp says what is installed; it is older than its lock when the lock has changed.
.venv/%.stamp: requirements/%.txt pyproject.toml | .venv/bin/python
	$(PIP) install --requirement $<
	$(PIP) install --no-deps --editable .
	touch $@

# The peers have an environment of their own: torch first, so that none of them brings another; where LitGPT cannot be
# installed, the benchmark says so and goes on.
.venv-bench/bench.stamp: requirements/bench.txt requirements/bench-litgpt.txt requirements/bench-lm-eval.txt pyproject.toml
	$(PYTHON) -m venv .venv-bench
	$(BENCH_PIP) install --constraint requirements/bench.txt torch
	$(BENCH_PIP) install --requirement requirements/bench.txt
	$(BENCH_PIP) install --no-deps --editable .
	-$(BENCH_PIP) install --no-deps --requirement requirements/bench-litgpt.txt
	-$(BENCH_PIP) install --no-deps --requirement requirements/bench-lm-eval.txt
	touch $@

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
