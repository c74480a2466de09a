# Two commands on a machine that has only Python 3.11 or newer and make:
#   make demo   a whole interview with recorded answers
#   make test   every check
# and for those who work on it:
#   make yardstick   how good the judgement is, on labelled answers
#   make bench       how fast it is, and how well it hears when somebody is done
#   make reliability what is promised of answers, tried under fire; one part alone: ONLY=NAME
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint yardstick yardstick-check bench reliability clean

demo: $(VENV)/.installed
	@$(BIN)/mock-interviewer demo

test: $(VENV)/.installed-dev lint
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

yardstick: $(VENV)/.installed-dev
	@$(BIN)/python tools/yardstick.py

yardstick-check: $(VENV)/.installed-dev
	@$(BIN)/python tools/yardstick.py --check

bench: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/bench.py --write

reliability: $(VENV)/.installed-dev
	@$(BIN)/python -c 'import atheris' 2>/dev/null || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: atheris 2>/dev/null || \
	  echo "atheris is not there for this Python; the readers are tried without it." >&2
	@PYTHONPATH=benchmarks:tests $(BIN)/python -m reliability $(if $(ONLY),--only $(ONLY))

# installed into a folder of its own; a broken one is made again
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 demo" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing; on Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV), once (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV), once (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
