# SPDX-License-Identifier: GPL-2.0-only
#
# The whole stack at work, for those who see it for the first time.

##@ Demonstration
.PHONY: demo
export KEEP
demo: ## two VMs drive a context each: speed, round trip, traps; also build/demo.json
	@$(SETUP) build
	@testbed/demo/run.sh
