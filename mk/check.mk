# SPDX-License-Identifier: GPL-2.0-only
#
# Every test. Suites print TAP; scripts/tap.sh runs and counts them.

##@ Checks
.PHONY: check lint selftests
check: ## everything; ends with 'N passed, N failed'
	@scripts/tap.sh \
		unit='$(MAKE) -s unit' \
		freestanding='scripts/tap-one.sh "core builds freestanding" $(MAKE) -s freestanding' \
		lint='$(MAKE) -s lint' \
		fuzz='$(MAKE) -s fuzz-smoke' \
		selftests='$(MAKE) -s selftests'

lint: ## style and static checks, each one test (TAP)
	@$(SETUP) build unit lint
	@scripts/lint.sh

selftests: ## tests in L1: the device and its probe (TAP)
	@$(SETUP) build
	@scripts/modules.sh stock >&2
	@$(FIRMWARE) all >&2
	@testbed/shell.sh --nics 2 --script testbed/tests/probe.sh
