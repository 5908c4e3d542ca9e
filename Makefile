# Everything a person does here is one verb; `make` alone lists them. What is missing on the machine
# is installed first: Debian packages (as root or through sudo), then Python packages into .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PYTEST_ARGS ?=
MUTANTS ?=
BENCH_ARGS ?=
FUZZ_SECONDS ?= 30
PEER_GROUPS ?= peers peers_streams isolation_peers per_key_peers
CLANG_FORMAT ?= clang-format-14

# The main job: a year of real flights through the engine.
RUN_COMMAND ?= $(BIN)/python -m veltrix.templates.flights

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
ASAN_PYTHON := build/asan-python
PACKAGES := ccache cmake g++ ninja-build python3-dev python3-venv \
	libconcurrentqueue-dev libexpected-dev libgtest-dev libhowardhinnant-date-dev \
	librapidcheck-dev libre2-dev libsimdjson-dev libxxhash-dev tzdata zlib1g-dev
# Folders stand in the list too: a file that was removed changes its folder.
CORE_SOURCES := CMakeLists.txt $(shell find cpp cmake -not -name '*.md')
CPP_FILES := find cpp tests -name '*.hpp' -o -name '*.cpp'

# What a recipe says before a command that only root may run.
AS_ROOT = $$([ "$$(id -u)" = 0 ] || echo sudo -n)
say = printf '\033[1m==>\033[0m %s\n' $(1)
# $(call quietly,NAME,COMMAND): the output goes to build/logs/NAME.log and is shown on failure only.
quietly = mkdir -p build/logs; { $(2); } >build/logs/$(1).log 2>&1 \
	|| { tail -n 80 build/logs/$(1).log; exit 1; }
# $(call closing,NAME,COMMAND): the same, and the closing lines are shown on success.
closing = $(call quietly,$(1),$(2)); tail -n 6 build/logs/$(1).log
# $(call download,PACKAGE): into this folder, with what it needs and the system does not have.
download = apt-get -q download $$(apt-get -q install --simulate --no-install-recommends $(1) \
	| sed -nE 's/^Inst ([^ ]+).*/\1/p' | grep -E '^(erlang-|$(1)$$)')
build = $(call quietly,$(1)-build,cmake --preset $(1) && cmake --build --preset $(1) -j $(JOBS))
ctest = $(call closing,$(1)-ctest,ctest --preset $(1) -j $(JOBS))

.PHONY: help run test fix lint bench bench-peers fuzz sanitize sanitize-python mutants stubs docs clean

help: ## list the verbs
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) \
	  | while IFS='|' read -r verb what; do printf '  make %-15s %s\n' "$$verb" "$$what"; done

run: $(STAMPS)/core ## install what is missing, then send a year of real flights through the engine
	@$(call say,"a year of flights through the engine")
	@$(RUN_COMMAND)

test: $(STAMPS)/core $(STAMPS)/dev $(STAMPS)/promtool ## the C++ and the Python tests
	@$(call say,"C++ tests")
	@$(call build,dev)
	@$(call ctest,dev)
	@$(call say,"Python tests")
	@$(BIN)/python -m pytest -q $(PYTEST_ARGS)

fix: $(STAMPS)/dev ## format everything, mend what the linters can mend
	@$(BIN)/ruff check --fix-only --quiet python tests
	@$(BIN)/ruff format --quiet python tests
	@if command -v $(CLANG_FORMAT) >/dev/null; then $(CPP_FILES) | xargs $(CLANG_FORMAT) -i; fi

lint: $(STAMPS)/core $(STAMPS)/dev ## ruff, mypy --strict, clang-format, headers that compile alone
	@$(call say,"ruff")
	@$(BIN)/ruff check --quiet python tests
	@$(BIN)/ruff format --check --quiet python tests
	@$(call say,"mypy --strict")
	@$(BIN)/mypy
	@$(call say,"headers that compile alone")
	@$(call quietly,headers,cmake --preset dev && cmake --build --preset dev -j $(JOBS) -t vx_headers)
	@$(call say,"clang-format")
	@if command -v $(CLANG_FORMAT) >/dev/null; \
	  then $(CPP_FILES) | xargs $(CLANG_FORMAT) --dry-run -Werror; \
	  else echo "left out: $(CLANG_FORMAT) is not installed"; fi

bench: $(STAMPS)/core $(STAMPS)/dev ## every figure beside its baseline of the same run
	@$(call say,"building the release benchmarks")
	@$(call quietly,release-build,cmake --preset release \
	  && cmake --build --preset release -j $(JOBS) -t vx_benches)
	@$(BIN)/python tests/bench/run.py $(BENCH_ARGS)

bench-peers: $(STAMPS)/core $(STAMPS)/dev $(STAMPS)/rabbitmq ## beside other Python libraries
	@$(call say,"installing the peers into build/peers")
	@$(call quietly,peers,$(BIN)/python -m pip install --target build/peers --upgrade \
	  -r tests/bench/peers.txt)
	@PYTHONPATH=build/peers $(BIN)/python tests/bench/run.py --only $(PEER_GROUPS) $(BENCH_ARGS)

sanitize: $(STAMPS)/system ## the C++ tests under ASan+UBSan, then under TSan
	@$(call say,"C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer")
	@$(call build,asan)
	@$(call ctest,asan)
	@$(call say,"C++ tests under ThreadSanitizer")
	@$(call build,tsan)
	@$(call ctest,tsan)

fuzz: $(STAMPS)/clang ## libFuzzer over expressions and events, FUZZ_SECONDS (30) long
	@$(call say,"libFuzzer over expressions and events")
	@$(call quietly,fuzz-build,cmake --preset fuzz \
	  && cmake --build --preset fuzz -j $(JOBS) -t vx_cel_fuzz)
	@python3 tests/fuzz/split.py build/fuzz/corpus
	@$(call closing,fuzz,build/fuzz/tests/fuzz/vx_cel_fuzz -max_total_time=$(FUZZ_SECONDS) \
	  -timeout=5 -max_len=4096 -print_final_stats=1 -artifact_prefix=build/fuzz/ build/fuzz/corpus)

# Both libraries are preloaded: Python itself is linked to neither, and without libstdc++ the first
# C++ exception ends the process. Python keeps much until its end on purpose, hence no leak check.
# Left out: test_growth.py, since the sanitizer holds back what is freed, and that is resident.
ASAN_SETTINGS = LD_PRELOAD="$$(g++ -print-file-name=libasan.so):$$(g++ -print-file-name=libstdc++.so)" \
	ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 PYTHONMALLOC=malloc \
	UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 PATH="$(CURDIR)/$(BIN):$$PATH"
asan_pytest = $(ASAN_SETTINGS) $(ASAN_PYTHON)/bin/python -m pytest -q -p no:cacheprovider \
	-o timeout=600 tests/$(1) --ignore tests/system/test_growth.py $(PYTEST_ARGS) \
	>build/logs/asan-$(1).log 2>&1

sanitize-python: $(STAMPS)/asan-python $(STAMPS)/promtool ## the Python tests with the core under ASan+UBSan
	@$(call say,"Python tests with the core under AddressSanitizer and UndefinedBehaviorSanitizer")
	@rm -rf $(ASAN_PYTHON)/package && mkdir -p $(ASAN_PYTHON)/package
	@cp -rs "$(CURDIR)/python/veltrix" $(ASAN_PYTHON)/package
	@ln -s "$(CURDIR)"/build/asan/cpp/bindings/_core.*.so $(ASAN_PYTHON)/package/veltrix
	@$(call asan_pytest,unit) & unit=$$!; failed=""; \
	$(call asan_pytest,system) || failed=" system"; \
	wait $$unit || failed+=" unit"; \
	for part in $$failed; do tail -n 80 build/logs/asan-$$part.log; done; \
	tail -qn 1 build/logs/asan-unit.log build/logs/asan-system.log; [ -z "$$failed" ]

mutants: $(STAMPS)/venv ## plant one bug after the other in the core; the simulation must find each
	@$(BIN)/python tests/simulation/mutants.py --jobs $(JOBS) $(MUTANTS)

stubs: $(STAMPS)/core $(STAMPS)/dev ## write python/veltrix/_core.pyi anew from the extension
	@$(BIN)/python tests/house/stub.py --write

docs: $(STAMPS)/core $(STAMPS)/dev ## write docs/ anew: options.md, pipeline.schema.json, metrics.md
	@PYTHONPATH=tests $(BIN)/python -m house.option_docs --write

clean: ## remove what was built, the environment too
	@rm -rf build dist $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache

# --- what the verbs need --------------------------------------------------------------------------

# $(call debian,PACKAGES): installs those of them that are missing.
define debian
	@missing=""; \
	if command -v dpkg-query >/dev/null; then \
	  for package in $(1); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
	      || missing="$$missing $$package"; \
	  done; \
	fi; \
	if [ -n "$$missing" ]; then \
	  $(call say,"installing Debian packages:$$missing"); \
	  export DEBIAN_FRONTEND=noninteractive; \
	  mkdir -p build/logs; \
	  { $(AS_ROOT) apt-get -q update \
	    && $(AS_ROOT) apt-get -q install -y --no-install-recommends $$missing; } \
	    >build/logs/apt.log 2>&1 </dev/null \
	  || { tail -n 20 build/logs/apt.log; \
	       echo "Please install them by hand:"; \
	       echo "    sudo apt-get install -y --no-install-recommends$$missing"; exit 1; }; \
	fi
endef

$(STAMPS)/system: Makefile
	$(call debian,$(PACKAGES))
	@mkdir -p $(@D) && touch $@

$(STAMPS)/clang: $(STAMPS)/system
	$(call debian,clang-14 libclang-rt-14-dev)
	@touch $@

# A Python that can build an extension: 3.11 or later, with ensurepip and Python.h.
$(STAMPS)/venv: $(STAMPS)/system
	@$(call say,"making the Python environment $(VENV)")
	@for python in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	  if command -v $$python >/dev/null && $$python -c 'import ensurepip, pathlib, sys, sysconfig, venv; \
	    header = pathlib.Path(sysconfig.get_path("include"), "Python.h"); \
	    sys.exit(sys.version_info < (3, 11) or not header.exists())' 2>/dev/null; \
	  then found=$$python; break; fi; \
	done; \
	[ -n "$${found:-}" ] || { echo "No Python 3.11 or later with headers and ensurepip found"; exit 1; }; \
	$(call quietly,venv,$$found -m venv $(VENV) \
	  && $(BIN)/python -m pip install --upgrade 'pip>=25.1')
	@touch $@

$(STAMPS)/python: $(STAMPS)/venv pyproject.toml
	@$(call say,"installing Python packages")
	@$(call quietly,pip,$(BIN)/python -m pip install --group build --group data)
	@touch $@

# Editable, so that Python sources need no second install; the core is built where ninja finds its
# objects again.
$(STAMPS)/core: $(STAMPS)/python $(CORE_SOURCES)
	@$(call say,"building the native core")
	@$(call quietly,core,$(BIN)/python -m pip install --no-build-isolation \
	  -Cbuild-dir=build/core --editable .)
	@touch $@

# An environment beside the other one, whose packages it sees by a path; only veltrix is its own: a
# folder of links. Its core comes from the tree of the C++ tests, which has most of it built.
$(STAMPS)/asan-python: $(STAMPS)/dev $(CORE_SOURCES)
	@$(call say,"building the native core with sanitizers")
	@$(call quietly,asan-core,cmake --preset asan -DVELTRIX_BINDINGS=ON \
	    -DPython_EXECUTABLE="$(CURDIR)/$(BIN)/python" \
	  && cmake --build --preset asan -j $(JOBS) -t _core \
	  && $(BIN)/python -m venv --without-pip $(ASAN_PYTHON) \
	  && $(BIN)/python -c 'import sys; print("$(CURDIR)/$(ASAN_PYTHON)/package", \
	    *[each for each in sys.path if "site-packages" in each], sep="\n")' \
	    >"$$($(ASAN_PYTHON)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tools.pth")
	@touch $@

$(STAMPS)/dev: $(STAMPS)/python
	@$(call say,"installing development tools")
	@$(call quietly,pip-dev,$(BIN)/python -m pip install --group dev)
	@touch $@

# Prometheus' own check of metrics. Taken out of its Debian package, which would also start a server
# that listens on every interface. A test says so where there is neither apt-get nor promtool.
$(STAMPS)/promtool: $(STAMPS)/venv
	@if ! command -v promtool >/dev/null && command -v apt-get >/dev/null; then \
	  $(call say,"fetching promtool"); \
	  mkdir -p build/apt; rm -f build/apt/prometheus_*.deb; \
	  $(call quietly,promtool,(cd build/apt && { apt-get -q download prometheus \
	    || { $(AS_ROOT) apt-get -q update && apt-get -q download prometheus; }; }) \
	    && dpkg-deb --fsys-tarfile build/apt/prometheus_*.deb \
	    | tar -x --strip-components=3 -C $(BIN) ./usr/bin/promtool); \
	fi
	@touch $@

# A peer of bench-peers, unpacked below build/ as well: installed, it would start a server. What it
# needs of Erlang comes along unless it is installed; erl must learn where that lies.
$(STAMPS)/rabbitmq: $(STAMPS)/venv
	@if [ ! -e /usr/lib/rabbitmq ] && command -v apt-get >/dev/null; then \
	  $(call say,"fetching RabbitMQ") >&2; \
	  rm -rf build/apt/rabbitmq build/rabbitmq; mkdir -p build/apt/rabbitmq; \
	  $(call quietly,rabbitmq,(cd build/apt/rabbitmq && { $(call download,rabbitmq-server) \
	    || { $(AS_ROOT) apt-get -q update && $(call download,rabbitmq-server); }; }) \
	    && for package in build/apt/rabbitmq/*.deb; do dpkg-deb -x "$$package" build/rabbitmq; done \
	    && erl=build/rabbitmq/usr/lib/erlang && { [ ! -e $$erl ] \
	    || sed -i "s|=/usr/lib/erlang|=$$PWD/$$erl|" $$erl/bin/erl; }); \
	fi
	@touch $@
