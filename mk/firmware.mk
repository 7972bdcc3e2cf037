# SPDX-License-Identifier: GPL-2.0-only
#
# The NIC's firmware; its own makefile knows how.

# Unit tests of the host module, with a makefile of their own, too
MDEV_TESTS := $(MAKE) -C kernel/cdna_mdev/tests

##@ The NIC
.PHONY: firmware unit virtio-ring hostile fuzz fuzz-smoke freestanding bench-firmware footprint
firmware: ## build the NIC process, build/cdna-nicd
	@$(SETUP) build
	@$(FIRMWARE) all

unit: ## unit tests of firmware and host module under ASan and UBSan, and big-endian (TAP); T=ring for one
	@$(SETUP) unit
	@rc=0; $(unit-firmware) || rc=1; $(unit-mdev) || rc=1; exit $$rc

ifdef T
# One test is that of each tree that has one of this name.
firmware-test := $(wildcard nic-firmware/tests/test_$(T).c \
	nic-firmware/boards/*/test_$(T).c nic-firmware/boards/*/tests/test_$(T).c)
mdev-test := $(wildcard kernel/cdna_mdev/tests/test_$(T).c)
no-test := { echo "there is no unit test test_$(T).c" >&2; false; }
unit-firmware := $(if $(firmware-test),$(FIRMWARE) test,$(if $(mdev-test),:,$(no-test)))
unit-mdev := $(if $(mdev-test),$(MDEV_TESTS) unit,:)
else
unit-firmware := $(FIRMWARE) unit
unit-mdev := $(MDEV_TESTS) unit
endif

hostile: ## random attacks on the fake board, and on the walker of virtqueues, HOSTILE_TRIES (10^8) of each, without sanitizers (TAP)
	@$(SETUP) unit
	@rc=0; $(FIRMWARE) hostile || rc=1; $(MDEV_TESTS) hostile || rc=1; exit $$rc

virtio-ring: ## the kernel's own virtio_ring.c against the walker of virtqueues and the writers of used rings; downloads its source (TAP); SEED=7 repeats a run
	@$(SETUP) build
	@$(MDEV_TESTS)/virtio_ring

freestanding: ## the core without libc: riscv64 and big-endian powerpc
	@$(SETUP) build freestanding
	@$(FIRMWARE) freestanding

fuzz-smoke: ## each fuzzer for a bounded time, from the kept corpus (TAP)
	@$(SETUP) fuzz
	@rc=0; $(FIRMWARE) fuzz-smoke || rc=1; $(MDEV_TESTS) fuzz-smoke || rc=1; exit $$rc

fuzz: ## each fuzzer for FUZZ_SECONDS
	@$(SETUP) fuzz
	@rc=0; $(FIRMWARE) fuzz || rc=1; $(MDEV_TESTS) fuzz || rc=1; exit $$rc

bench-firmware: ## cost of a frame in the core; also build/bench-firmware.json
	@$(SETUP) build
	@$(FIRMWARE) bench

footprint: ## memory of the firmware's state for 32 contexts
	@$(SETUP) build freestanding
	@$(FIRMWARE) footprint
