# The commands of this project. Variables go along either way: `make run PORT=8123` and
# `PORT=8123 make run`; `.env.example` lists them.

PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input --quiet
# Candidates are tried, not trusted: a pyenv shim may stand for a version that is not there.
CANDIDATES := python3.12 python3.11 python3 python /usr/bin/python3.12 /usr/bin/python3.11 \
	/usr/local/bin/python3.12 /usr/local/bin/python3.11
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))

.PHONY: help run test torture check lint types arrows format screenshots bench pages lock clean venv pdfjs installed-run installed-dev

help:
	@echo 'make run      start the site on http://127.0.0.1:8000 (HOST, PORT, ARXIV_REPLAY=folder)'
	@echo 'make test     run the tests (ARGS="-k words" for some of them)'
	@echo 'make torture  play arXiv and its faults for an hour or two (TORTURE_SEEDS=1..200)'
	@echo 'make check    what CI runs: lint, types, arrows, tests'
	@echo 'make format   put code and templates into form'
	@echo 'make bench    run the benchmarks'
	@echo 'make screenshots  make the pictures of the README anew'
	@echo 'make eval     judge the ranking (DIR=folder for another collection, TASK=related)'
	@echo 'make pdfjs    fetch PDF.js, which shows PDFs under a card (needs npm)'
	@echo 'make pages    judge the pages: weight, speed, axe, Lighthouse (needs npm, Chromium)'
	@echo 'make lock     lock the dependencies of pyproject.toml anew'
	@echo 'make clean    remove .venv and caches; var/, where the data lies, stays'

run: installed-run
	@exec $(PYTHON) -m coolpapers.run

test: installed-dev
	@$(PYTHON) -m pytest -n 2 $(ARGS)

# The long form of the fault suite (docs/faults.md). Stopped at seed 57, it goes on with
# TORTURE_SEEDS=57..200; a seed that failed is played alone with TORTURE_SEEDS=57..57.
TORTURE_SEEDS ?= 1..200
TORTURE_MUTATIONS ?= 5000
torture: installed-dev
	@TORTURE_SEEDS='$(TORTURE_SEEDS)' TORTURE_MUTATIONS='$(TORTURE_MUTATIONS)' \
	$(PYTHON) -m pytest -v --tb=short -n 2 --maxschedchunk 1 tests/torture \
	tests/papers/test_tasks.py tests/papers/arxiv/test_mutations.py $(ARGS)

check: lint types arrows test

lint: installed-dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m djlint --quiet --check --lint templates

types: installed-dev
	@$(PYTHON) -m mypy

arrows: installed-dev
	@.venv/bin/lint-imports

format: installed-dev
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m djlint --quiet --reformat templates

screenshots: installed-dev
	@$(PYTHON) -m docs.screenshots

bench: installed-dev
	@$(PYTHON) -m bench

# Twenty runs of Lighthouse take their time: ten minutes or so in all. RUNS=1 is a first look.
pages: installed-dev
	@command -v npm >/dev/null || { echo 'make pages needs npm (Debian: apt install npm).' >&2; exit 1; }
	@[ -d bench/judges/node_modules ] || npm ci --prefix bench/judges --loglevel=error
	@$(PYTHON) -m bench.pages $(RUNS)

eval: installed-dev
	@$(PYTHON) -m bench.evaluation $(if $(DIR),--dir '$(DIR)') $(if $(TASK),--task $(TASK))

# A virtual environment that runs, with the Python that it was made for.
venv:
	@$(PYTHON) -c 'import pip' 2>/dev/null && exit 0; \
	for candidate in $(CANDIDATES); do \
		if "$$candidate" -c '$(USABLE)' >/dev/null 2>&1; then \
			echo "Making .venv with $$("$$candidate" --version)."; \
			rm -rf .venv; exec "$$candidate" -m venv .venv; \
		fi; \
	done; \
	echo 'No Python 3.11 or 3.12 with venv was found: install one (Debian: apt install python3-venv).' >&2; \
	exit 1

# Install what requirements/run.txt or dev.txt names, once for each state of that file.
installed-run installed-dev: installed-%: venv
	@cmp -s requirements/$*.txt .venv/$*.installed && exit 0; \
	echo 'Installing what requirements/$*.txt names into .venv (a minute or two at the first time).'; \
	$(PIP) install --require-hashes -r requirements/$*.txt && cp requirements/$*.txt .venv/$*.installed

# What browsers need of PDF.js, where Django finds static files. Without it the browser's own viewer
# shows PDFs. `pdfjs/package-lock.json` has the hash of the package.
PDFJS := pdfjs/node_modules/pdfjs-dist
pdfjs:
	@command -v npm >/dev/null || { echo 'make pdfjs needs npm (Debian: apt install npm).' >&2; exit 1; }
	@npm ci --prefix pdfjs --loglevel=error
	@rm -rf static/pdfjs && mkdir -p static/pdfjs/wasm
	@cp $(PDFJS)/LICENSE $(PDFJS)/legacy/build/pdf.min.mjs $(PDFJS)/legacy/build/pdf.worker.min.mjs static/pdfjs
	@cp -R $(PDFJS)/cmaps $(PDFJS)/standard_fonts static/pdfjs
	@cp $(PDFJS)/wasm/*_nowasm_fallback.js $(PDFJS)/wasm/LICENSE* static/pdfjs/wasm
	@rm -rf pdfjs/node_modules

# Hashes, no addresses, for every Python that the project runs on. `server` is for containers, which
# have PostgreSQL and Redis beside them.
COMPILE = .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
	--generate-hashes --no-header --no-annotate pyproject.toml
lock: venv
	@$(PYTHON) -m venv .venv/lock
	@.venv/lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	@$(COMPILE) -o requirements/server.txt
	@$(COMPILE) --extra embedded -o requirements/run.txt
	@$(COMPILE) --extra embedded --extra dev -o requirements/dev.txt

clean:
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
