// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a trap costs, measured inside a guest, relative to a bare exit (paper
 * 5.3). Prints JSON; the status says whether the aims are met.
 */
#include <stdio.h>
#include <stdlib.h>

#include "vm.h"

#define MANY		33
#define PASSES		5
#define AIM_ONE		1.6
#define AIM_MORE	0.04

static void die(const char *what, int ret)
{
	fprintf(stderr, "bench_trap: %s: %d\n", what, ret);
	exit(1);
}

static void check(const char *what, int ret)
{
	if (ret)
		die(what, ret);
}

/* One median of many rounds, if it is less than the best so far: what others
 * do on the machine can only add to it.
 */
static void measure(struct vm *vm, struct vdev *dev, enum vm_program program,
		    uint32_t descs, double *best)
{
	uint32_t median;

	check("running the guest", vm_run(vm, dev, program, descs));
	median = vm_median(vm);
	if (!*best || median < *best)
		*best = median;
}

/* A ring full of good descriptors, so that the guest only moves its tail */
static void start(struct vdev *dev)
{
	struct cdna_desc_compact *ring = (void *)(dev->mem + MEM_TX_RING);
	size_t len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);
	int i;

	for (i = 0; i < VDEV_SLOTS; i++)
		ring[i] = (struct cdna_desc_compact) {
			.addr = VDEV_IOVA + MEM_TX_BUF,
			.len = len,
			.flags = CDNA_DESC_EOP,
		};
	vdev_write(dev, CDNA_VREG_ARG_FEATURES,
		   CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE);
	vdev_write64(dev, CDNA_VREG_ARG_STATUS_LO, VDEV_IOVA + MEM_STATUS);
	vdev_write64(dev, CDNA_VREG_ARG_TAILS_LO, VDEV_IOVA + MEM_TAILS);
	vdev_write64(dev, CDNA_VREG_ARG_DOORBELL_LO, GPA_DOORBELL);
	check("activate", vdev_command(dev, CDNA_VCMD_ACTIVATE));
	check("queue", vdev_queue(dev, 0, CDNA_DIR_TX, VDEV_SLOTS));
}

int main(void)
{
	double bare = 0, one = 0, many = 0, reg = 0, kick = 0, ram = 0, more;
	struct vdev dev;
	struct vm vm;
	char uuid[40];
	int i;

	vdev_uuid(uuid, 14);
	check("create", vdev_create(uuid));
	check("machine", vm_open(&vm));
	check("open", vdev_open_in(&dev, uuid, vm.vfio));
	check("attach", vm_attach(&vm, &dev));
	start(&dev);

	for (i = 0; i < PASSES; i++) {
		measure(&vm, NULL, VM_CPUID, 0, &bare);
		measure(&vm, &dev, VM_DOORBELL, 1, &one);
		measure(&vm, &dev, VM_DOORBELL, MANY, &many);
		measure(&vm, &dev, VM_REGISTER, 1, &reg);
		measure(&vm, NULL, VM_KICK, 0, &kick);
		measure(&vm, NULL, VM_RAM, 0, &ram);
	}
	one /= bare;
	many /= bare;
	more = (many - one) / (MANY - 1);

	printf("{ \"exit_ticks\": %.0f, \"doorbell\": %.3f,\n"
	       "  \"doorbell_%d\": %.3f, \"per_further_descriptor\": %.4f,\n"
	       "  \"register\": %.3f, \"ioeventfd\": %.3f, \"ram\": %.4f,\n"
	       "  \"aims\": { \"doorbell\": %.2f, \"per_further_descriptor\": %.2f } }\n",
	       bare, one, MANY, many, more, reg / bare, kick / bare, ram / bare,
	       AIM_ONE, AIM_MORE);
	vdev_close(&dev);
	vm_close(&vm);
	check("remove", vdev_remove(uuid));
	return one <= AIM_ONE && more < AIM_MORE ? 0 : 2;
}
