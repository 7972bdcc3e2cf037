# SPDX-License-Identifier: GPL-2.0-only
#
# The whole stack at work, for those who see it for the first time.

##@ Demonstration
.PHONY: demo demo-migrate trace
export KEEP SOFTNIC
demo: ## two VMs drive a context each: speed, round trip, traps; also build/demo.json
	@$(SETUP) build
	@testbed/demo/run.sh demo

demo-migrate: ## a VM moves from a CDNA NIC to an ordinary one and back, under traffic; also build/migrate.json
	@$(build-for-vm)
	@testbed/demo/run.sh migrate

trace: ## one ping through guest, host, NIC and wire, step by step; also build/trace.txt
	@$(SETUP) build
	@scripts/modules.sh l1 >&2
	@$(FIRMWARE) all >&2
	@testbed/trace/run.sh
