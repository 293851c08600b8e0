# make run   the companion over the sample recording, on the embedded defaults
# make test  everything that keeps Attune true
# Both prepare a fresh machine first; a second call prepares nothing.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
DEBIAN := libgl1 libgl1-mesa-dri libgomp1 libmtdev1 libportaudio2 xvfb
ARGS   ?=

.PHONY: run test coverage check format clean system

run: $(VENV)/.installed system
	$(BIN)/attune run sample $(ARGS)

test: DEBIAN += libasound2-plugins pulseaudio pulseaudio-utils
test: $(VENV)/.installed-dev system check
	$(BIN)/attune assets fetch core llm-small sample peers
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 $(ARGS)

coverage: $(VENV)/.installed-dev
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage report --skip-covered --sort=cover

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Windows and sound need Debian packages; without the right to install them, what needs them is skipped.
system:
	@missing=""; \
	for package in $(DEBIAN); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q "ok installed" || missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else sudo="no"; fi; \
	if [ "$$sudo" = no ] || ! command -v apt-get >/dev/null; then \
	  echo "Windows and sound will be skipped. To have them: sudo apt-get install$$missing"; exit 0; \
	fi; \
	echo "Installing$$missing"; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null \
	  || echo "Could not install. To have windows and sound: sudo apt-get install$$missing"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Attune needs Python 3.11 or newer, but $(PYTHON) is older. Name one: make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "No virtual environment. On Debian: sudo apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Python packages into $(VENV) (a minute or two)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Python packages and tools into $(VENV) (a minute or two)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@# A peer of the evaluations; opencv-python, which it asks for, would overwrite the headless one.
	@$(BIN)/python -m pip install --quiet --no-deps --constraint constraints.txt cysignals pupil-detectors \
	  || echo "pupil-detectors could not be installed; evaluations go without it"
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
