// SPDX-License-Identifier: GPL-2.0-only
/*
 * Send for a while, then wait until the NIC dies, which somebody else sees to.
 * Status 0 if the device says so and can then be closed. Nothing is sent at
 * that moment: QEMU 11.1 aborts when a store to a dead vfio-user device fails
 * while another one does.
 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "vdev.h"

#define SECONDS	60
#define FRAMES	1000

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

int main(void)
{
	time_t end = time(NULL) + SECONDS;
	struct vdev dev;
	int bad, i;

	if (vdev_new(&dev, 15) || vdev_start(&dev))
		return 1;
	for (i = 0; i < FRAMES; i++) {
		vdev_post_tx(&dev, VDEV_IOVA + MEM_TX_BUF, 64, CDNA_DESC_EOP);
		vdev_trap(&dev);
		vdev_ring(&dev);
		if (!vdev_tx_done(&dev, 2000))
			return 1;
	}
	printf("ready\n");
	fflush(stdout);
	while (!dead(&dev) && time(NULL) < end)
		usleep(10000);
	bad = check("told of the death", dead(&dev), true);
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
