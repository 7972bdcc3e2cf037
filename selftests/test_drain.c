// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues that the NIC has to finish before their memory goes: they are drained at
 * the same time, for QEMU unmaps with its big lock held.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "trace.h"
#include "vdev.h"

#define SENDING	8
#define PROBES \
	"p:cdna_drain/submit cdna_adminq_submit\n" \
	"p:cdna_drain/wait cdna_adminq_wait\n"

FIXTURE(drain) {
	struct vdev dev;
};

FIXTURE_SETUP(drain)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xc8));
}

FIXTURE_TEARDOWN(drain)
{
	trace_put("events/cdna_drain/enable", "0");
	trace_put("kprobe_events", "");
	EXPECT_EQ(0, vdev_delete(&self->dev));
}

/* How many commands were given to the NIC before the first one was waited for */
static int submitted_together(const char *text)
{
	const char *wait = strstr(text, ": wait: ");
	int n = 0;

	for (text = strstr(text, ": submit: "); text && wait && text < wait;
	     text = strstr(text + 1, ": submit: "))
		n++;
	return n;
}

TEST_F(drain, all_at_the_same_time)
{
	struct vdev *dev = &self->dev;
	const char *text;
	uint32_t qp;

	if (vdev_is_soft())
		SKIP(return, "there are no commands under way");
	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	for (qp = 0; qp < SENDING; qp++)
		ASSERT_EQ(CDNA_VRES_OK, vdev_queue(dev, qp, CDNA_DIR_TX,
						   VDEV_SLOTS));
	ASSERT_EQ(0, trace_put("kprobe_events", PROBES));
	ASSERT_EQ(0, trace_clear());
	ASSERT_EQ(0, trace_put("events/cdna_drain/enable", "1"));
	EXPECT_EQ(0, vdev_unmap(dev, VDEV_IOVA, VDEV_MEMORY));
	text = trace_read();
	ASSERT_NE(NULL, text);
	EXPECT_EQ(SENDING, submitted_together(text));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
}

TEST_HARNESS_MAIN
