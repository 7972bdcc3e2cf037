# SPDX-License-Identifier: GPL-2.0-only
#
# `make help` lists every target. Each concern has its fragment in mk/; a
# target is documented by the text after its `##`.

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Everything delegates to makes and scripts that do their own ordering.
.NOTPARALLEL:

BUILD := build
FIRMWARE := $(MAKE) -j$(shell nproc) -C nic-firmware
SETUP := scripts/setup.sh

# Where to download from, when not what apt is configured for.
export MIRROR

include mk/demo.mk mk/firmware.mk mk/modules.mk mk/deb.mk mk/testbed.mk mk/check.mk mk/bench.mk

##@ Other
.PHONY: help clean clean-cache
help: ## this text
	@scripts/help.sh $(MAKEFILE_LIST)

clean: ## remove build/; what was downloaded stays
	@rm -rf $(BUILD)

clean-cache: ## remove what is cached too: trees, images, objects
	@scripts/clean-cache.sh
