// SPDX-License-Identifier: GPL-2.0-only
/*
 * The doorbell page: stores of a running guest, through KVM into the driver.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vm.h"

#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)

FIXTURE(doorbell) {
	char uuid[40];
	struct vm vm;
	struct vdev dev;
};

/* In which ways tails are announced */
static uint32_t offered(struct vdev *dev)
{
	return vdev_read(dev, CDNA_VREG_FEATURES) &
	       (CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE);
}

static uint32_t activate(struct vdev *dev, uint64_t page)
{
	vdev_write(dev, CDNA_VREG_ARG_FEATURES,
		   CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE |
		   (vdev_read(dev, CDNA_VREG_FEATURES) &
		    CDNA_VFEAT_HOST_MAILBOX));
	vdev_write64(dev, CDNA_VREG_ARG_STATUS_LO, VDEV_IOVA + MEM_STATUS);
	vdev_write64(dev, CDNA_VREG_ARG_TAILS_LO, VDEV_IOVA + MEM_TAILS);
	vdev_write64(dev, CDNA_VREG_ARG_DOORBELL_LO, page);
	return vdev_command(dev, CDNA_VCMD_ACTIVATE);
}

FIXTURE_SETUP(doorbell)
{
	vdev_uuid(self->uuid, 12);
	ASSERT_EQ(0, vdev_create(self->uuid));
	ASSERT_EQ(0, vm_open(&self->vm));
	ASSERT_EQ(0, vdev_open_in(&self->dev, self->uuid, self->vm.vfio));
	ASSERT_EQ(CDNA_VRES_OK, activate(&self->dev, GPA_DOORBELL));
	ASSERT_EQ(CDNA_VRES_OK, vdev_queue(&self->dev, 0, CDNA_DIR_TX,
					   VDEV_SLOTS));
}

FIXTURE_TEARDOWN(doorbell)
{
	vdev_close(&self->dev);
	vm_close(&self->vm);
	EXPECT_EQ(0, vdev_remove(self->uuid));
}

static void post(struct vdev *dev)
{
	size_t len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);

	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
}

TEST_F(doorbell, offered_to_machines_only)
{
	struct vdev alone;

	EXPECT_EQ(CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE,
		  offered(&self->dev));
	ASSERT_EQ(0, vdev_new(&alone, 13));
	EXPECT_EQ(CDNA_VFEAT_TRAP_REG, offered(&alone));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, activate(&alone, GPA_DOORBELL));
	EXPECT_EQ(0, vdev_delete(&alone));
}

static bool attribute_is(const char *uuid, const char *want)
{
	char value[16] = "";

	vdev_attr(uuid, "doorbell_page", value, sizeof(value));
	return !strcmp(value, want);
}

/* Close the device, set the attribute, and open it again. */
static int reopen(struct vdev *dev, const char *uuid, int vfio,
		  const char *value)
{
	int ret;

	vdev_close(dev);
	ret = vdev_set(uuid, "doorbell_page", value);
	return ret ? ret : vdev_open_in(dev, uuid, vfio);
}

TEST_F(doorbell, attribute_takes_on_and_off)
{
	static const char * const bad[] = { "2", "maybe", "page", "\n", "-1" };
	struct vdev *dev = &self->dev;
	size_t i;

	EXPECT_TRUE(attribute_is(self->uuid, "on"));
	EXPECT_EQ(-EBUSY, vdev_set(self->uuid, "doorbell_page", "off"));
	EXPECT_EQ(-EBUSY, vdev_set(self->uuid, "doorbell_page", "on"));
	EXPECT_TRUE(attribute_is(self->uuid, "on"));
	vdev_close(dev);
	EXPECT_EQ(0, vdev_set(self->uuid, "doorbell_page", "off"));
	EXPECT_TRUE(attribute_is(self->uuid, "off"));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, vdev_set(self->uuid, "doorbell_page",
					    bad[i])) {
			TH_LOG("'%s'", bad[i]);
		}
	EXPECT_TRUE(attribute_is(self->uuid, "off"));
	EXPECT_EQ(0, vdev_set(self->uuid, "doorbell_page", "on"));
	EXPECT_TRUE(attribute_is(self->uuid, "on"));
	ASSERT_EQ(0, vdev_open_in(dev, self->uuid, self->vm.vfio));
}

/* A guest without the page uses the register, now and after a reset. */
TEST_F(doorbell, attribute_takes_the_page)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, reopen(dev, self->uuid, self->vm.vfio, "off"));
	EXPECT_EQ(CDNA_VFEAT_TRAP_REG, offered(dev));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, activate(dev, GPA_DOORBELL));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	post(dev);
	ASSERT_EQ(0, vm_store(&self->vm));
	EXPECT_EQ(0, vdev_report(dev, TX).accepted);
	EXPECT_EQ(0, vdev_stat(self->uuid, "traps_page"));
	vdev_trap(dev);
	EXPECT_EQ(1, vdev_report(dev, TX).accepted);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, activate(dev, GPA_DOORBELL));
	ASSERT_EQ(0, reopen(dev, self->uuid, self->vm.vfio, "on"));
	EXPECT_EQ(CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE, offered(dev));
	ASSERT_EQ(CDNA_VRES_OK, activate(dev, GPA_DOORBELL));
	ASSERT_EQ(CDNA_VRES_OK, vdev_queue(dev, 0, CDNA_DIR_TX, VDEV_SLOTS));
	post(dev);
	ASSERT_EQ(0, vm_store(&self->vm));
	EXPECT_EQ(1, vdev_report(dev, TX).accepted);
	EXPECT_EQ(1, vdev_stat(self->uuid, "traps_page"));
}

TEST_F(doorbell, a_store_enqueues)
{
	struct vdev *dev = &self->dev;

	post(dev);
	EXPECT_EQ(0, vdev_report(dev, TX).accepted);
	ASSERT_EQ(0, vm_store(&self->vm));
	EXPECT_EQ(1, vdev_report(dev, TX).accepted);
	EXPECT_EQ(1, vdev_stat(self->uuid, "traps_page"));
	EXPECT_EQ(0, vdev_stat(self->uuid, "traps_register"));
	vdev_ring(dev);
	EXPECT_TRUE(vdev_tx_done(dev, 2000));
}

TEST_F(doorbell, page_that_is_no_memory)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_VRES_BAD_ADDRESS, activate(dev, GPA_NOTHING));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_EQ(CDNA_VRES_BAD_PARAM, activate(dev, GPA_DOORBELL + 8));
	EXPECT_EQ(CDNA_VRES_OK, activate(dev, GPA_DOORBELL));
}

/* The slot is removed and added, as when the machine's memory map changes. */
TEST_F(doorbell, survives_its_memory_slot)
{
	struct vdev *dev = &self->dev;
	struct vm *vm = &self->vm;
	int i, ms;

	for (i = 1; i <= 20; i++) {
		ASSERT_EQ(0, vm_slot(vm, 1, GPA_DOORBELL, vm->doorbell, 0));
		post(dev);
		usleep(i * 1000);
		ASSERT_EQ(0, vm_slot(vm, 1, GPA_DOORBELL, vm->doorbell,
				     VM_DOORBELL_BYTES));
		/* A store that may be too early is detected when it is seen. */
		ASSERT_EQ(0, vm_store(vm));
		for (ms = 0; ms < 2000; ms++) {
			if (vdev_report(dev, TX).accepted == i)
				break;
			usleep(1000);
		}
		ASSERT_EQ(i, vdev_report(dev, TX).accepted);
	}
	usleep(100000);
	post(dev);
	ASSERT_EQ(0, vm_store(vm));
	EXPECT_EQ(i, vdev_report(dev, TX).accepted);
}

static int toggle_slot(struct vm *vm)
{
	int ret = vm_slot(vm, 1, GPA_DOORBELL, vm->doorbell, 0);

	return ret ? ret : vm_slot(vm, 1, GPA_DOORBELL, vm->doorbell,
				   VM_DOORBELL_BYTES);
}

/* KVM counts how often a page is tracked, and warns if that is too often. A slot of
 * the other address space, which processors see in system management mode, says
 * nothing about the page: it stays tracked, once.
 */
TEST_F(doorbell, slots_of_system_management_mode)
{
	const uint32_t slot = 1 << 16 | 1;
	struct vdev *dev = &self->dev;
	struct vm *vm = &self->vm;
	int i;

	if (vm_spaces(vm) < 2)
		SKIP(return, "this KVM has one address space");
	for (i = 1; i <= 200; i++) {
		ASSERT_EQ(0, vm_slot(vm, slot, GPA_DOORBELL, vm->doorbell,
				     VM_DOORBELL_BYTES));
		ASSERT_EQ(0, vm_slot(vm, slot, GPA_DOORBELL, vm->doorbell, 0));
		post(dev);
		ASSERT_EQ(0, vm_store(vm));
		ASSERT_EQ(i, vdev_report(dev, TX).accepted);
	}
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(0, vm_store(vm));
	EXPECT_EQ(i - 1, vdev_stat(self->uuid, "traps_page"));
}

/* However often its slot goes, the guest keeps its page. */
TEST_F(doorbell, slots_that_go_often)
{
	struct vdev *dev = &self->dev;
	struct vm *vm = &self->vm;
	int i, ms;

	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, toggle_slot(vm));
		usleep(12000);
	}
	for (ms = 0; ms < 2000; ms++) {
		post(dev);
		ASSERT_EQ(0, vm_store(vm));
		if (vdev_report(dev, TX).accepted == ms + 1)
			break;
		usleep(1000);
	}
	EXPECT_GT(2000, ms);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	EXPECT_TRUE(vdev_read(dev, CDNA_VREG_FEATURES) & CDNA_VFEAT_TRAP_PAGE);
}

/* Where a guest behind an IOMMU of its machine would have it, if it passed the address
 * of its device: the firmware's ROM. KVM watches that, and nobody stores to it.
 */
TEST_F(doorbell, page_that_is_read_only)
{
	struct vdev *dev = &self->dev;
	struct vm *vm = &self->vm;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(0, vm_rom(vm, 2, GPA_ROM, vm->doorbell, 4096));
	EXPECT_EQ(CDNA_VRES_BAD_ADDRESS, activate(dev, GPA_ROM));
	EXPECT_EQ(CDNA_CTX_CONFIGURED, vdev_read(dev, CDNA_VREG_STATE));
	/* The register works. */
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	post(dev);
	vdev_trap(dev);
	EXPECT_EQ(1, vdev_report(dev, TX).accepted);
}

static int stop;

static void *toggler(void *arg)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		toggle_slot(arg);
	return NULL;
}

/* The page is released while its slot is removed and added. A wrong call to KVM
 * would show in the kernel's log, which run.sh checks.
 */
TEST_F(doorbell, resets_while_its_slot_goes)
{
	struct vdev *dev = &self->dev;
	pthread_t thread;
	int i, active = 0;

	stop = 0;
	ASSERT_EQ(0, pthread_create(&thread, NULL, toggler, &self->vm));
	for (i = 0; i < 400; i++) {
		vdev_command(dev, CDNA_VCMD_RESET);
		active += activate(dev, GPA_DOORBELL) == CDNA_VRES_OK;
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	TH_LOG("%d of %d times there was a page", active, i);
	EXPECT_LT(10, active);
	vdev_command(dev, CDNA_VCMD_RESET);
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open_in(dev, self->uuid, self->vm.vfio));
	EXPECT_EQ(CDNA_VRES_OK, activate(dev, GPA_DOORBELL));
}

TEST_F(doorbell, silent_after_reset)
{
	struct vdev *dev = &self->dev;
	long traps;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	traps = vdev_stat(self->uuid, "traps_page");
	ASSERT_EQ(0, vm_store(&self->vm));
	EXPECT_EQ(traps, vdev_stat(self->uuid, "traps_page"));
	ASSERT_EQ(CDNA_VRES_OK, activate(dev, GPA_DOORBELL));
	ASSERT_EQ(0, vm_store(&self->vm));
	EXPECT_EQ(traps + 1, vdev_stat(self->uuid, "traps_page"));
}

TEST_F(doorbell, harmless_after_revoke)
{
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "revoked"));
	ASSERT_EQ(0, vm_store(&self->vm));
	EXPECT_EQ(0, vdev_stat(self->uuid, "pins_now"));
}

TEST_F(doorbell, guest_outlives_the_device)
{
	vdev_close(&self->dev);
	ASSERT_EQ(0, vm_store(&self->vm));
	ASSERT_EQ(0, vdev_open_in(&self->dev, self->uuid, self->vm.vfio));
}

TEST_HARNESS_MAIN
