# SPDX-License-Identifier: GPL-2.0-only
#
# Debian packages, to use all this on a host of one's own.

##@ Packages
.PHONY: deb deb-tests packaging-check
deb: ## Debian packages cdna-dkms and cdna-tools, in build/deb/
	@$(SETUP) deb
	@scripts/deb.sh

deb-tests: ## tests of the packages: a Debian installs, upgrades and purges them; L1 boots with them (TAP)
	@$(SETUP) build deb && $(FIRMWARE) all >&2
	@testbed/deb/tests.sh

packaging-check: ## packaging/ against Nova's code and KubeVirt's API, and the call-out against mdevctl (TAP); downloads 190 MB
	@$(SETUP) trees
	@testbed/fleet/check.sh
