# Two commands for people: `make demo` and `make check`. Both install what is missing (Debian), build, and can be run again.
CORES := $(shell nproc)
RANKS := $(shell expr $(CORES) + 1)
DEMO_RUN ?= runs/learning-curve
# Extra arguments of the demo's run, for instance DEMO_SET='--set ensemble.data_draws=8'.
DEMO_SET ?=

.PHONY: demo check install build format tidy
demo: build
	scripts/mpirun-here.sh -n $(RANKS) build/release/fieldscan run experiments/01-learning-curve/scan.yaml --out $(DEMO_RUN) $(DEMO_SET)
	build/release/fieldscan report $(DEMO_RUN)
	build/release/fieldscan test $(DEMO_RUN) || [ $$? -eq 6 ]
	@echo "The report: $(DEMO_RUN)/report/index.html"

check: install
	scripts/check-format.sh
	cmake --workflow --preset dev
	cmake --workflow --preset release
	scripts/check-tidy.sh build/release

build: install
	cmake --preset release
	cmake --build --preset release --target fieldscan

install:
	scripts/install-dependencies.sh

format:
	scripts/check-format.sh --fix

tidy:
	scripts/check-tidy.sh build/release all
