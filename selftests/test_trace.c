// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints: each step of a packet's life on the host writes its line.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "trace.h"
#include "vdev.h"

#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)

static const char *trace;

static int trace_start(void)
{
	if (trace_put("events/cdna/enable", "0") || trace_clear())
		return -1;
	return trace_put("events/cdna/enable", "1");
}

/* Stop tracing; the lines so far go to @trace. */
static int trace_stop(void)
{
	trace_put("events/cdna/enable", "0");
	trace = trace_read();
	return trace ? 0 : -1;
}

FIXTURE(trace) {
	struct vdev dev;
	char context[16];
	uint8_t peer[6];
};

FIXTURE_SETUP(trace)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0x70));
	ASSERT_EQ(0, vdev_attr(self->dev.uuid, "context", self->context,
			       sizeof(self->context)));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
	ASSERT_EQ(0, trace_start());
}

FIXTURE_TEARDOWN(trace)
{
	trace_put("events/cdna/enable", "0");
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

/* Expect a line of that event and context that contains that text. */
static bool traced(const char *event, const char *context, const char *text)
{
	char want[64], line[512];
	const char *at = trace;

	snprintf(want, sizeof(want), "context %s ", context);
	while ((at = strstr(at, event))) {
		snprintf(line, sizeof(line), "%.*s ",
			 (int)strcspn(at, "\n"), at);
		if (strstr(line, want) && strstr(line, text))
			return true;
		at += strlen(event);
	}
	return false;
}

static void expect(struct __test_metadata *_metadata, const char *context,
		   const char *event, const char *text)
{
	EXPECT_TRUE(traced(event, context, text)) {
		TH_LOG("no '%s' of context %s with '%s'", event, context, text);
	}
}

/* An interrupt is due once the driver has asked for the next. */
static bool interrupted_by_pings(struct vdev *dev, const uint8_t *peer)
{
	uint16_t seq;

	while (vdev_interrupted(dev, CDNA_VDEV_VECTOR_QP(0), 0))
		continue;
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_REARM)] = vdev_status(dev)->event;
	for (seq = 0; seq < 5; seq++)
		if (!vdev_ping(dev, peer, seq, 100))
			return false;
	return vdev_interrupted(dev, CDNA_VDEV_VECTOR_QP(0), 2000);
}

TEST_F(trace, packets)
{
	struct vdev *dev = &self->dev;

	/* The lines of an interrupt end behind its signal, but before the next one's. */
	ASSERT_TRUE(interrupted_by_pings(dev, self->peer));
	ASSERT_TRUE(interrupted_by_pings(dev, self->peer));
	ASSERT_EQ(0, trace_stop());
	expect(_metadata, self->context, "cdna_trap: ", "by register");
	expect(_metadata, self->context, "cdna_descriptor: ", "dir 0");
	expect(_metadata, self->context, "cdna_descriptor: ", "hit");
	expect(_metadata, self->context, "cdna_enqueue: ", "count 1");
	expect(_metadata, self->context, "cdna_release: ", "dir 0");
	expect(_metadata, self->context, "cdna_source: ", "qp 0");
	expect(_metadata, self->context, "cdna_interrupt: ", "vector 1");
	EXPECT_NE(NULL, strstr(trace, "cdna_bitvec: "));
	/* There was no fault, and no memory was unmapped. */
	EXPECT_EQ(NULL, strstr(trace, "cdna_fault: "));
	EXPECT_EQ(NULL, strstr(trace, "cdna_unmap: "));
}

TEST_F(trace, pages)
{
	struct vdev *dev = &self->dev;
	uint64_t far = MEM_TX_BUF + 16 * MEM_BUF;

	vdev_post_tx(dev, VDEV_IOVA + far, 60, CDNA_DESC_EOP);
	vdev_trap(dev);
	ASSERT_EQ(0, vdev_unmap(dev, VDEV_IOVA, VDEV_MEMORY));
	ASSERT_EQ(0, trace_stop());
	expect(_metadata, self->context, "cdna_descriptor: ", "miss");
	expect(_metadata, self->context, "cdna_pin: ", "result 0");
	expect(_metadata, self->context, "cdna_unmap: ", "pages 0x100000 to 0x1003ff");
	expect(_metadata, self->context, "cdna_unpin: ", "flushed");
	expect(_metadata, self->context, "cdna_fault: ", "qp 0");
}

TEST_F(trace, refused_by_host)
{
	struct vdev *dev = &self->dev;
	char reason[32];

	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, 0, CDNA_DESC_EOP);
	vdev_trap(dev);
	ASSERT_EQ(CDNA_QUEUE_FAULTED, vdev_report(dev, TX).state);
	ASSERT_EQ(0, trace_stop());
	snprintf(reason, sizeof(reason), "reason %u ", CDNA_VFAULT_LENGTH);
	expect(_metadata, self->context, "cdna_fault: ", reason);
	expect(_metadata, self->context, "cdna_interrupt: ", "vector 0");
}

TEST_F(trace, refused_by_nic)
{
	struct vdev *dev = &self->dev;
	char reason[32];

	while (vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0))
		continue;
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = dev->tx_prod + 1;
	/* The lines are recorded before the guest is notified. */
	do {
		ASSERT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	} while (vdev_report(dev, TX).state != CDNA_QUEUE_FAULTED);
	ASSERT_EQ(0, trace_stop());
	snprintf(reason, sizeof(reason), "reason %u ", CDNA_FAULT_SEQUENCE);
	expect(_metadata, self->context, "cdna_event: ", reason);
	expect(_metadata, self->context, "cdna_fault: ", reason);
	expect(_metadata, self->context, "cdna_command: ", "result 0");
}

TEST_HARNESS_MAIN
