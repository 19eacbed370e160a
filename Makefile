# Everything lives in .venv and in the user's cache folder; nothing else of the machine changes.

PYTHON ?= python3
MYSQL ?= 8.0

# SIGKILL or a closed terminal ends make without a word to its child; where Linux can say it, it does.
TIED := $(if $(shell command -v setpriv),setpriv --pdeathsig TERM)

.PHONY: help run test soak plans lint docs answers bench-graph bench-changes bench-concurrency bench-questions bench-views bench-http bench-feed bench-indexes clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r a b; do printf '%-18s%s\n' "$$a" "$$b"; done

run: .venv/installed-run ## Start everything, with demo data, and print the addresses; Ctrl-C stops it
	@exec $(TIED) .venv/bin/headgate up

test: .venv/installed-test ## Run the tests against real servers: make test MYSQL=9.7 (default 8.0)
	@exec env HEADGATE_MYSQL=$(MYSQL) $(TIED) .venv/bin/pytest -n auto

soak: .venv/installed-test ## Random operations, long chains, and eight sessions at once, for long instead of seconds
	@exec env HEADGATE_MYSQL=$(MYSQL) HEADGATE_EXAMPLES=5000 HEADGATE_SOAK_SECONDS=60 HEADGATE_CLAIMS=1000 \
		HEADGATE_CHAIN=100_000 $(TIED) .venv/bin/pytest --log-cli-level=INFO tests/sql/test_state_machine.py \
		tests/sql/test_long_chain.py tests/http/test_consistency.py tests/http/test_faults.py tests/concurrency

plans: .venv/installed-test ## Ask MySQL how it finds 1,000,000 tasks among 2,000,000 (made once, in ten minutes): make plans MYSQL=9.7
	@exec env HEADGATE_MYSQL=$(MYSQL) HEADGATE_PLANS=1000000 $(TIED) .venv/bin/pytest -n 0 tests/plans

lint: .venv/installed-dev ## Check style and types
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --processes 2 --disable-progress-bar migrations sql

docs: .venv/installed-run ## Write docs/sql.md from the headers in sql/
	@.venv/bin/python -m service.manual.sql_reference

answers: .venv/installed-test ## Run the examples of docs/sql.md and docs/cookbook.md and write what they answer
	@HEADGATE_WRITE=1 $(TIED) .venv/bin/pytest tests/readme/test_answers.py

DEBIAN ?= $(HEADGATE_DEBIAN_DATA)

bench-graph: .venv/installed-test ## Measure the graph engine; DEBIAN=folder with the Debian graph
	@.venv/bin/python -m bench.graph $(if $(DEBIAN),--debian $(DEBIAN))

bench-concurrency: .venv/installed-test ## Measure writes with 1 to 8 sessions at once
	@.venv/bin/python -m bench.concurrency

bench-questions: .venv/installed-test ## Measure each question on the Debian graph; DEBIAN=folder
	@.venv/bin/python -m bench.questions --debian $(DEBIAN)

bench-views: .venv/installed-test ## Measure an analyst's questions in a workspace of 1,000,000 tasks; TASKS=number for fewer
	@.venv/bin/python -m bench.views $(if $(TASKS),--tasks $(TASKS))

bench-http: .venv/installed-bench ## Measure requests against bare aiohttp and FastAPI; DEBIAN=folder
	@.venv/bin/python -m bench.http --debian $(DEBIAN)

bench-indexes: .venv/installed-test ## Measure finding among 1,000,000 tasks, and what each index brings and costs; TASKS=number for fewer
	@.venv/bin/python -m bench.indexes $(if $(TASKS),--tasks $(TASKS))

bench-changes: .venv/installed-test ## Measure many changes in one call against LOAD DATA
	@.venv/bin/python -m bench.changes

bench-feed: .venv/installed-test ## Measure what 2,000 idle followers cost, and how soon they know of a change
	@.venv/bin/python -m bench.feed

clean: ## Remove what make has put into this folder (the download cache stays)
	rm -rf .venv .venv.lock build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed-%: setup.cfg pyproject.toml
	@PYTHON='$(PYTHON)' .ci/install $*
