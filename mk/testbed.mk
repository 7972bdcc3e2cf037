# SPDX-License-Identifier: GPL-2.0-only
#
# The test bed: an L1 host VM with the NIC on its PCI bus.

##@ Test bed
.PHONY: shell trees
# The command travels in the environment, so that its quotes survive.
export CMD
shell: ## a root shell in L1; CMD='...' runs one command and returns its status
	@$(SETUP) build
	@scripts/modules.sh l1
	@$(FIRMWARE) all >&2
	@if [[ -n "$${CMD:-}" ]]; then testbed/shell.sh "$$CMD"; \
		else testbed/shell.sh; fi

trees: ## download and prepare what the test bed boots from
	@testbed/l1.sh
