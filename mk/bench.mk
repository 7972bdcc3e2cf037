# SPDX-License-Identifier: GPL-2.0-only
#
# Benchmarks of the whole stack.

##@ Benchmarks
.PHONY: bench-trap
bench-trap: ## what a trap costs a guest; also build/bench-trap.json
	@$(SETUP) build
	@scripts/modules.sh l1 >&2
	@$(FIRMWARE) all >&2
	@bench/trap.sh

.PHONY: compare
compare: ## a VM's network by vhost-net and by a context; also build/compare.json
	@$(SETUP) build
	@scripts/modules.sh l1 >&2
	@$(FIRMWARE) all >&2
	@bench/compare.sh

.PHONY: bench
bench: ## the paper's tables and figures, with what people use today; QUICK=1 for a short run; also build/bench.json
	@$(SETUP) build
	@scripts/modules.sh l1 >&2
	@$(FIRMWARE) all >&2
	@bench/bench.sh
