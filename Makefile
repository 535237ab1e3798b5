# Two commands for people: `make demo` and `make check`. Both install what is missing (Debian), build, and can be run again.
CORES := $(shell nproc)
RANKS := $(shell expr $(CORES) + 1)
DEMO_RUN ?= runs/learning-curve
# Extra arguments of the demo's run, for instance DEMO_SET='--set ensemble.data_draws=8'.
DEMO_SET ?=

.PHONY: demo check check-long experiments install install-tests build format tidy
demo: build
	scripts/mpirun-here.sh -n $(RANKS) build/release/fieldscan run experiments/01-learning-curve/scan.yaml --out $(DEMO_RUN) $(DEMO_SET)
	build/release/fieldscan report $(DEMO_RUN)
	build/release/fieldscan test $(DEMO_RUN) || [ $$? -eq 6 ]
	@echo "The report: $(DEMO_RUN)/report/index.html"

# Everything but the tests of more than half a minute each; what it took is told at its end.
check: install-tests
	scripts/check.sh

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
