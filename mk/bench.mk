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
