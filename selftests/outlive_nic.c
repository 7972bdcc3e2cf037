// SPDX-License-Identifier: GPL-2.0-only
/*
 * outlive_nic [receiving]: send for a while, then wait until the NIC dies, as
 * the caller arranges. Status 0 if the device reports it and can be closed then.
 *
 * Nothing is stored to the mailbox page at that moment: QEMU 11.1 aborts when a
 * store to a dead vfio-user device fails while another one does. With
 * "receiving", the NIC is busy nevertheless: it fills a long ring of buffers,
 * posted long before, from the wire, and must have died in the middle of that.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vdev.h"

#define SECONDS	60
#define FRAMES	1000
#define RX	CDNA_VQUEUE(0, CDNA_DIR_RX)

#define BUSY		100		/* frames */
#define LONG_SLOTS	CDNA_MAX_RING
#define LONG_RING	0x300000	/* in the guest's memory */
#define LONG_COMP	0x340000

static bool dead(struct vdev *dev)
{
	struct cdna_vdev_report report;

	report = vdev_report(dev, CDNA_VQUEUE(0, CDNA_DIR_TX));
	return report.state == CDNA_QUEUE_FAULTED &&
	       report.fault == CDNA_VFAULT_NIC_DEAD;
}

static int check(const char *what, long got, long want)
{
	if (got == want)
		return 0;
	printf("%s: %ld, not %ld\n", what, got, want);
	return 1;
}

static uint32_t received(struct vdev *dev)
{
	return *(const volatile __le32 *)&vdev_status(dev)->rx_comp_prod;
}

/* A receive ring of maximum length, full of buffers that share a few pages */
static uint32_t start_receiving(struct vdev *dev)
{
	struct cdna_tail_page *tails = (void *)(dev->mem + MEM_TAILS);
	struct cdna_desc_compact *ring = (void *)(dev->mem + LONG_RING);
	uint32_t ret, i;

	vdev_write(dev, CDNA_VREG_ARG_QUEUE, RX);
	ret = vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY);
	if (ret)
		return ret;
	vdev_write(dev, CDNA_VREG_ARG_FORMAT, CDNA_FORMAT_COMPACT);
	vdev_write(dev, CDNA_VREG_ARG_SLOTS, LONG_SLOTS);
	vdev_write64(dev, CDNA_VREG_ARG_RING_LO, VDEV_IOVA + LONG_RING);
	vdev_write64(dev, CDNA_VREG_ARG_COMP_LO, VDEV_IOVA + LONG_COMP);
	ret = vdev_command(dev, CDNA_VCMD_QUEUE_CREATE);
	if (ret)
		return ret;
	for (i = 0; i < LONG_SLOTS; i++)
		ring[i] = (struct cdna_desc_compact) {
			.addr = VDEV_IOVA + MEM_RX_BUF + i % 64 * MEM_BUF,
			.len = MEM_BUF,
		};
	dev->rx_prod = LONG_SLOTS;
	tails->tail[RX] = LONG_SLOTS;
	vdev_trap(dev);
	vdev_ring(dev);
	return 0;
}

int main(int argc, char **argv)
{
	bool receiving = argc > 1 && !strcmp(argv[1], "receiving");
	time_t end = time(NULL) + SECONDS;
	char state[16] = "";
	struct vdev dev;
	int bad, i;

	if (vdev_new(&dev, 15) || vdev_start(&dev))
		return 1;
	if (receiving && start_receiving(&dev))
		return 1;
	for (i = 0; i < FRAMES; i++) {
		vdev_post_tx(&dev, VDEV_IOVA + MEM_TX_BUF, 64, CDNA_DESC_EOP);
		vdev_trap(&dev);
		vdev_ring(&dev);
		if (!vdev_tx_done(&dev, 2000))
			return 1;
	}
	printf("ready %02x:%02x:%02x:%02x:%02x:%02x\n", dev.mac[0], dev.mac[1],
	       dev.mac[2], dev.mac[3], dev.mac[4], dev.mac[5]);
	fflush(stdout);
	while (receiving && received(&dev) < BUSY && time(NULL) < end)
		usleep(1000);
	printf("%u frames received\n", received(&dev));
	fflush(stdout);
	/* The context is FAULTED after its queues are. */
	while (!(dead(&dev) && vdev_read(&dev, CDNA_VREG_STATE) ==
			       CDNA_CTX_FAULTED) && time(NULL) < end)
		usleep(10000);
	bad = check("the death is reported", dead(&dev), true);
	if (receiving) {
		printf("%u of %u buffers were full when it died\n",
		       received(&dev), LONG_SLOTS);
		bad += check("busy when it died", received(&dev) >= BUSY &&
			     received(&dev) < LONG_SLOTS, true);
	}
	vdev_attr(dev.uuid, "state", state, sizeof(state));
	bad += check("state attribute", strcmp(state, "dead"), 0);
	bad += check("state", vdev_read(&dev, CDNA_VREG_STATE),
		     CDNA_CTX_FAULTED);
	bad += check("interrupt",
		     vdev_interrupted(&dev, CDNA_VDEV_VECTOR_EVENT, 2000),
		     true);
	bad += check("reset", vdev_command(&dev, CDNA_VCMD_RESET),
		     CDNA_VRES_OK);
	bad += check("activate", vdev_activate(&dev), CDNA_VRES_NIC);
	vdev_close(&dev);
	bad += check("pins", vdev_stat(dev.uuid, "pins_now"), 0);
	bad += check("remove", vdev_remove(dev.uuid), 0);
	printf("outlived it\n");
	return !!bad;
}
