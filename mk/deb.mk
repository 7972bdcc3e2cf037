# SPDX-License-Identifier: GPL-2.0-only
#
# Debian packages, to use all this on a host of one's own.

##@ Packages
.PHONY: deb
deb: ## Debian packages cdna-dkms and cdna-tools, in build/deb/
	@$(SETUP) deb
	@scripts/deb.sh
