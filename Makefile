# Two commands for people: `make demo` and `make check`. Both install what is missing (Debian), build, and can be run again.
CORES := $(shell nproc)
RANKS := $(shell expr $(CORES) + 1)
DEMO_RUN ?= runs/learning-curve
# Extra arguments of the demo's run, for instance DEMO_SET='--set ensemble.data_draws=8'.
DEMO_SET ?=

TIMED := scripts/timed.sh

.PHONY: demo check check-long experiments install install-tests build format tidy
demo: build
	scripts/mpirun-here.sh -n $(RANKS) build/release/fieldscan run experiments/01-learning-curve/scan.yaml --out $(DEMO_RUN) $(DEMO_SET)
	build/release/fieldscan report $(DEMO_RUN)
	build/release/fieldscan test $(DEMO_RUN) || [ $$? -eq 6 ]
	@echo "The report: $(DEMO_RUN)/report/index.html"

# Everything but the tests of more than half a minute each. The steps are those of the workflow presets, each with its time.
check: install-tests
	@rm -f build/times.txt
	$(TIMED) "format" scripts/check-format.sh
	$(TIMED) "dev: configure" cmake --preset dev
	$(TIMED) "dev: build" cmake --build --preset dev
	$(TIMED) "release: configure" cmake --preset release
	@# One beside the other: the longest tests would leave a core without work.
	@$(TIMED) "dev: tests" ctest --preset dev > build/dev/tests.log 2>&1 & tests=$$!; \
	  $(TIMED) "release: build" cmake --build --preset release; built=$$?; \
	  wait $$tests; tested=$$?; cat build/dev/tests.log; [ $$tested -ne 0 ] || exit $$built; exit $$tested
	$(TIMED) "tidy: configure" cmake --preset files
	@# Tests of the program under mpirun wait for half of their time.
	@$(TIMED) "tidy" scripts/check-tidy.sh build/files > build/files/tidy.log 2>&1 & tidy=$$!; \
	  $(TIMED) "release: tests" ctest --preset release; tested=$$?; \
	  wait $$tidy; tidied=$$?; cat build/files/tidy.log; [ $$tested -ne 0 ] || exit $$tidied; exit $$tested
	@$(TIMED)

# The rest: whether every source includes what it needs (the other builds compile several at a time), and the long tests.
check-long: install-tests
	cmake --preset files
	cmake --build --preset files
	cmake --preset release
	cmake --build --preset release
	ctest --preset long

# All experiments, one after the other; interrupted, the same command goes on. Verdicts that differ from a README's are told.
experiments: install-tests build
	scripts/experiments.sh

# For users a warning of a compiler to come is no error; where `make check` has built already, what is there is used.
build: install
	[ -f build/release/CMakeCache.txt ] || cmake --preset release -DFIELDSCAN_WERROR=OFF
	cmake --build --preset release --target fieldscan

install:
	scripts/install-dependencies.sh

install-tests:
	scripts/install-dependencies.sh tests

format:
	scripts/check-format.sh --fix

tidy: install-tests
	cmake --preset files
	scripts/check-tidy.sh build/files all
