# SPDX-License-Identifier: GPL-2.0-only
#
# Kernel modules, for the kernel that L1 runs and for the newest one.

##@ Kernel modules
.PHONY: modules
modules: ## build them for Debian's stock kernel and the newest backport
	@scripts/modules.sh stock
	@scripts/modules.sh newest
