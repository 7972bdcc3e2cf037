# SPDX-License-Identifier: GPL-2.0-only
#
# Every test. Suites print TAP; scripts/tap.sh runs and counts them.

##@ Checks
.PHONY: check check-all check-debug lint rooms sizes selftests admin-tests vm-tests
suites-in-bed = selftests='$(MAKE) -s selftests' \
	admin='$(MAKE) -s admin-tests' \
	demo='DEMO_SECONDS=1 scripts/tap-one.sh "two machines are shown" $(MAKE) -s demo' \
	trace='scripts/tap-one.sh "a packet takes its documented steps" $(MAKE) -s trace'
suites-long = vm-cpus='$(MAKE) -s vm-tests VM_CPUS=2' \
	migrate='scripts/tap-one.sh "a machine that moves is shown" $(MAKE) -s demo-migrate'
# What takes a download of its own
suites-fetched = virtio-ring='$(MAKE) -s virtio-ring'
suites-without = unit='$(MAKE) -s unit' \
	freestanding='scripts/tap-one.sh "core builds freestanding" $(MAKE) -s freestanding' \
	fuzz='$(MAKE) -s fuzz-smoke' \
	lint='$(MAKE) -s lint'
build-for-check = $(SETUP) build unit freestanding lint fuzz vm deb && \
	$(build-for-l1) && $(build-for-vm)

# Where two emulated hosts get two processors each, they run at the same time.
beside := $(if $(filter 1 2 3,$(shell nproc)),,--beside)

check: export SHORT := 1
check: export STRESS_SECONDS ?= 5
check: ## everything, in short; ends with 'N passed, N failed'
	@$(build-for-check)
	@scripts/tap.sh vm='$(MAKE) -s vm-tests' $(beside) $(suites-in-bed) \
		--idle $(suites-without)

check-all: export STRESS_SECONDS ?= 60
check-all: export HOSTILE_SECONDS ?= 60
check-all: export CHURN_SECONDS ?= 120
check-all: ## the same for longer, with all that varies other tests, and in machines with two processors
	@$(build-for-check)
	@scripts/tap.sh vm='$(MAKE) -s vm-tests' $(suites-long) \
		$(beside) $(suites-in-bed) --idle $(suites-without) $(suites-fetched)

# Emulated, and with all that such a kernel looks at, L1 takes several times as long.
debug-subjects := $(or $(SUBJECT),selftests death admin vm)
check-debug: export L1_KERNEL := debug
check-debug: export BOOT_TIMEOUT := 1200
check-debug: export VM_PATIENCE := 6
check-debug: export SELFTEST_SECONDS := 1800
check-debug: ## the tests in L1 and in virtual machines, on a host kernel with KASAN and lockdep; SUBJECT='selftests death admin vm' chooses
	@scripts/tap.sh $(foreach s,$(debug-subjects),$(or $(debug-$s), \
		$(error there is no subject $s: selftests, death, admin or vm)))
debug-selftests = selftests='$(build-for-l1) && $(run-both)'
debug-death = death='$(build-for-l1) && \
	testbed/shell.sh --script selftests/nic_death.sh'
debug-admin = admin='$(MAKE) -s admin-tests'
debug-vm = vm='$(MAKE) -s vm-tests'

lint: ## style and static checks, each one test (TAP)
	@$(SETUP) build unit lint
	@scripts/lint.sh

rooms: ## which files and rooms of each tree use which, and in what circles
	@scripts/rooms.py

sizes: ## how long functions and files are
	@git ls-files -z '*.[ch]' '*.sh' '*.py' | xargs -0 scripts/sizes.py

# What L1 needs of this tree, and where L1 sees it.
in-l1 := /cdna/build/modules/l1/kernel/cdna_mdev/cdna_mdev.ko \
	/cdna/build/selftests
build-for-l1 = $(SETUP) build vm && scripts/modules.sh l1 >&2 && \
	$(FIRMWARE) all >&2 && \
	testbed/in-tools.sh make -s -j$(shell nproc) -C /cdna/selftests \
		OUTPUT=/cdna/build/selftests $(programs) >&2

# And its machines
build-for-vm = $(SETUP) build vm && scripts/modules.sh l1 >&2 && \
	$(FIRMWARE) all >&2 && \
	testbed/in-tools.sh make -s -C /cdna/selftests/vm OUTPUT=/cdna/build/vm >&2 && \
	testbed/guest/image.sh >&2

ifdef T
# Names of test programs without test_, or patterns of such names
programs := $(patsubst selftests/%.c,/cdna/build/selftests/%, \
	$(wildcard $(T:%=selftests/test_%.c)))
scripts := $(notdir $(wildcard $(T:%=selftests/%.sh)))
in-selftests := $(notdir $(programs)) $(scripts)
# What they use
programs += $(if $(scripts),$(addprefix /cdna/build/selftests/,stream test_traffic))
endif

# L1 has an environment of its own.
lengths = $(foreach v,HOSTILE_SEED HOSTILE_SECONDS HOSTILE_TRIES STRESS_SECONDS \
	SELFTEST_SECONDS VIRTIO_SEED PROVIDER,$(if $($v),$v=$($v)))
run-in-l1 = $(strip $(lengths) /cdna/selftests/run.sh) $(in-l1)
run-selftests = SELFTESTS="$(run-in-l1) $(in-selftests)" \
	testbed/shell.sh --script selftests/bed.sh
# All of them on a NIC; then, on a softnic, those that need none. In short, without
# those of code that does not know what the provider is.
on-softnic := $(patsubst %,test_%,traffic offload drain doorbell reset link zerocopy \
	backlog rss virtio virtio_frames virtio_receive virtio_unmap virtio_ctrl_rx \
	virtio_ctrl_mac virtio_mq virtio_coal virtio_pause standstill migrate \
	rate_group)
ifneq ($(SHORT),1)
on-softnic += $(patsubst %,test_%,unmap faults refuse virtio_events virtio_faults \
	virtio_hostile virtio_ctrl virtio_ctrl_end virtio_ctrl_vlan virtio_window \
	migrate_stream balloon balloon_hosts virtio_balloon)
endif
run-both = SELFTESTS="rc=0; $(run-in-l1) || rc=1; \
	PROVIDER=softnic $(run-in-l1) $(on-softnic) || rc=1; exit \$$rc" \
	testbed/shell.sh --script selftests/bed.sh

selftests: ## tests in L1: the NIC, its probe, contexts driven from user space (TAP); T=doorbell for one; PROVIDER=softnic
ifdef T
	$(if $(in-selftests),,$(error there is no selftests/test_$(T).c or selftests/$(T).sh))
	@$(build-for-l1)
	@$(run-selftests)
else
	@$(build-for-l1)
	@rc=0; testbed/tests/ends.sh || rc=1; testbed/tests/lost.sh || rc=1; \
		testbed/tests/migrate.sh || rc=1; \
		testbed/tests/suites.sh || rc=1; testbed/tests/qemu_svm.py || rc=1; \
		BED_RUN=build/vm-runner selftests/vm/tests.py || rc=1; \
		testbed/shell.sh --nics 2 --script testbed/tests/probe.sh || rc=1; \
		$(run-both) || rc=1; \
		testbed/shell.sh --script selftests/nic_death.sh || rc=1; \
		testbed/shell.sh --script selftests/vmm_stuck.sh || rc=1; \
		exit $$rc
endif

admin-tests: ## tests of installation, reboot, and loss and recovery of the NIC (TAP)
	@$(SETUP) build deb && scripts/modules.sh l1 >&2 && $(FIRMWARE) all >&2
	@scripts/deb.sh >&2
	@testbed/tests/attempt.sh admin

vm-tests: ## tests in virtual machines: libvirt, guest driver, wire (TAP); CHURN_SECONDS=600 for the long run
	@$(build-for-vm)
	@selftests/vm/attempt.sh
