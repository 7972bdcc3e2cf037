// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's side: our walker, and those that write used rings.
 */
#include "ring.h"
#include "ring_used.h"

static int machine_read(void *owner, u64 addr, void *to, u32 len)
{
	(void)owner;
	memcpy(to, (void *)(uintptr_t)addr, len);
	return 0;
}

static const struct cdna_virtq_ops ops = { .read = machine_read };

void ring_device_begin(struct ring *ring)
{
	uintptr_t offset = (uintptr_t)ring->vring.used % CDNA_PAGE_SIZE;
	u8 *page = (u8 *)ring->vring.used - offset;
	u32 i;

	ring->dev = (struct cdna_virtq) {
		.ops = &ops,
		.size = ring->how.size,
		.write = ring->how.kind == RING_RECEIVE,
		.control = ring->how.kind == RING_CONTROL,
		.indirect = ring->how.indirect,
		.event_idx = ring->how.event_idx,
		.desc = ring->vring.desc,
		.avail = ring->vring.avail,
		.used = ring->vring.used,
	};
	ring->softnic = (struct softnic_used) {
		.offset = offset,
		.slots = ring->how.size,
	};
	for (i = 0; i < SOFTNIC_USED_PAGES; i++)
		ring->softnic.page[i] = page + i * CDNA_PAGE_SIZE;
	ring_firmware_begin(ring->vring.used, ring->how.size);
}

/* Take a chain, and some twice. */
static void take(struct ring *ring)
{
	static struct cdna_virtq_chain got;
	struct ring_chain *chain;
	const char *why;
	int ret;

	ret = cdna_virtq_next(&ring->dev, &got);
	if (ret == 1 && !ring_below(16)) {
		cdna_virtq_unget(&ring->dev);
		ret = cdna_virtq_next(&ring->dev, &got);
	}
	ring_expect(ring, ret >= 0, "the walker refuses a chain");
	ring_expect(ring, ret == (ring->taken < ring->added),
		    ret ? "the walker finds too much" : "the walker finds nothing");
	if (!ret)
		return;
	chain = ring->order[ring->taken++ % RING_MAX_SIZE];
	why = ring_chain_compare(chain, ring->how.kind, &got);
	if (why)
		ring_fail(ring, why);
	chain->head = got.head;
	ring_chain_write(chain, &got);
	ring->held[ring->nr_held++] = chain;
}

static void put(struct ring *ring, u32 ahead, const struct ring_chain *chain)
{
	switch (ring->how.writer) {
	case RING_BY_HOST:
		cdna_virtq_complete(&ring->dev, chain->head, chain->written);
		break;
	case RING_BY_SOFTNIC:
		softnic_used_put(&ring->softnic, ahead, chain->head,
				 chain->written);
		break;
	case RING_BY_FIRMWARE:
		ring_firmware_put(chain->head, chain->written);
		break;
	}
}

static void publish(struct ring *ring, u32 count)
{
	unsigned int len;

	/* The host's writer publishes each. */
	if (ring->how.writer != RING_BY_HOST)
		ring_expect(ring, ring->got != ring->used ||
			    !virtqueue_get_buf(ring->vq, &len),
			    "a chain is seen before the index");
	ring->used += count;
	if (ring->how.writer == RING_BY_SOFTNIC)
		softnic_used_publish(&ring->softnic, count);
	else if (ring->how.writer == RING_BY_FIRMWARE)
		ring_firmware_publish();
}

/* Use chains that were taken, in any order. */
static void use(struct ring *ring)
{
	u32 count = 1 + ring_below(ring->nr_held), i, n;
	struct ring_chain *chain;

	for (n = 0; n < count; n++) {
		i = ring_below(ring->nr_held);
		chain = ring->held[i];
		ring->held[i] = ring->held[--ring->nr_held];
		ring->back[(ring->used + n) % RING_MAX_SIZE] = chain;
		put(ring, n, chain);
	}
	publish(ring, count);
	/* The host looks for more when the NIC has nothing left. */
	if (!ring->nr_held)
		ring->walker_sleeps = false;
}

/* The device interrupts if the specification says so, and the first time in any case. */
static void look(struct ring *ring)
{
	bool wanted = ring->used != ring->looked;

	if (wanted && ring->asked)
		wanted = ring->how.event_idx ?
			 ring_passes(vring_used_event(&ring->vring),
				     ring->looked, ring->used) : !ring->quiet;
	ring_expect(ring, cdna_virtq_wants(&ring->dev) == wanted,
		    wanted ? "no interrupt" : "an interrupt");
	ring->asked |= ring->used != ring->looked;
	ring->looked = ring->used;
	if (wanted)
		vring_interrupt(0, ring->vq);
}

/* Choose where to be notified: with chains in the NIC, at some distance. */
static void sleep_if_idle(struct ring *ring)
{
	u16 ahead = ring->nr_held ? ring_below(ring->how.size + 1) : 0;
	bool more = ring->added - ring->taken > ahead;

	ring_expect(ring, cdna_virtq_notify_at(&ring->dev, ahead) == more,
		    more ? "choosing a notification misses a chain" :
			   "choosing a notification finds too much");
	ring->event = ring->taken + ahead;
	ring->unwanted = ahead >= ring->how.size;
	ring->walker_sleeps = !more;
}

/* Return: false if the device has nothing to do. */
bool ring_device_step(struct ring *ring)
{
	bool owed = ring->used != ring->looked;
	u32 n = 1 + ring_below(ring->how.size);

	switch (ring_below(8)) {
	case 0 ... 2:
		while (!ring->walker_sleeps && n-- && ring->taken < ring->added)
			take(ring);
		break;
	case 3 ... 4:
		if (ring->nr_held)
			use(ring);
		break;
	case 5 ... 6:
		look(ring);
		break;
	default:
		if (!ring->walker_sleeps)
			sleep_if_idle(ring);
	}
	return owed || ring->nr_held || !ring->walker_sleeps;
}

void ring_device_end(struct ring *ring)
{
	take(ring);
	look(ring);
	ring_expect(ring, !cdna_virtq_wants(&ring->dev),
		    "an interrupt without a reason");
}
