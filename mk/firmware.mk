# SPDX-License-Identifier: GPL-2.0-only
#
# The NIC's firmware; its own makefile knows how.

##@ The NIC
.PHONY: firmware unit fuzz fuzz-smoke freestanding bench-firmware footprint
firmware: ## build the NIC process, build/cdna-nicd
	@$(SETUP) build
	@$(FIRMWARE) all

unit: ## unit tests of firmware and host module under ASan and UBSan, and big-endian (TAP)
	@$(SETUP) unit
	@rc=0; $(FIRMWARE) unit || rc=1; \
		$(MAKE) -C kernel/cdna_mdev/tests unit || rc=1; exit $$rc

freestanding: ## the core without libc: riscv64 and big-endian powerpc
	@$(SETUP) build freestanding
	@$(FIRMWARE) freestanding

fuzz-smoke: ## each fuzzer for a bounded time, from the kept corpus (TAP)
	@$(SETUP) fuzz
	@$(FIRMWARE) fuzz-smoke

fuzz: ## each fuzzer for FUZZ_SECONDS
	@$(SETUP) fuzz
	@$(FIRMWARE) fuzz

bench-firmware: ## cost of a frame in the core; also build/bench-firmware.json
	@$(SETUP) build
	@$(FIRMWARE) bench

footprint: ## memory of the firmware's state for 32 contexts
	@$(SETUP) build freestanding
	@$(FIRMWARE) footprint
