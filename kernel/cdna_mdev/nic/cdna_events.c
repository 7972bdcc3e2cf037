// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events are taken in a work, because the client may sleep when it handles one:
 * it stops a queue, which needs commands. The interrupt only queues the work.
 */
#include <linux/dma-mapping.h>

#include "cdna_trace.h"
#include "nic/cdna_events.h"
#include "nic/cdna_health.h"
#include "nic/cdna_nic.h"

#define EVENTS_BYTES \
	(sizeof(struct cdna_ring_header) + \
	 CDNA_EVENTS_SLOTS * sizeof(struct cdna_event))

static bool events_fault_fits(const struct cdna_nic *nic,
			      const struct cdna_event *event)
{
	if (le16_to_cpu(event->context) >= nic->provider.info.contexts)
		return false;
	if (le16_to_cpu(event->type) == CDNA_EVENT_CONTEXT_FAULT)
		return true;
	return event->qp < nic->provider.info.qps &&
	       event->dir < CDNA_NR_DIRS;
}

static void events_fault(struct cdna_nic *nic, const struct cdna_event *event)
{
	struct cdna_provider *provider = &nic->provider;

	if (!events_fault_fits(nic, event)) {
		nic->events.ignored++;
		return;
	}
	if (nic->events.open)
		provider->client->fault(provider, event);
}

static void events_link(struct cdna_nic *nic, bool up)
{
	struct cdna_provider *provider = &nic->provider;

	if (nic->events.link != up)
		dev_info(cdna_nic_dev(nic), "link is %s\n", up ? "up" : "down");
	nic->events.link = up;
	if (nic->events.open)
		provider->client->link(provider, CDNA_ALL_CONTEXTS, up);
}

/* Conditions that the firmware reports about itself, each once after a reset */
static void events_health(struct cdna_nic *nic, u32 code)
{
	if (code == CDNA_HEALTH_HOST_DMA)
		dev_err_ratelimited(cdna_nic_dev(nic),
				    "the NIC failed to reach this driver's rings: look for IOMMU faults; interrupts and events may be late\n");
	else
		dev_warn_ratelimited(cdna_nic_dev(nic),
				     "the firmware reports condition %#x\n",
				     code);
}

static void events_dispatch(struct cdna_nic *nic,
			    const struct cdna_event *event)
{
	lockdep_assert_held(&nic->events.lock);

	nic->events.taken++;
	trace_cdna_event(cdna_nic_dev(nic), event);
	switch (le16_to_cpu(event->type)) {
	case CDNA_EVENT_QUEUE_FAULT:
	case CDNA_EVENT_CONTEXT_FAULT:
		events_fault(nic, event);
		break;
	case CDNA_EVENT_LINK:
		events_link(nic, le32_to_cpu(event->arg) & CDNA_LINK_UP);
		break;
	case CDNA_EVENT_FIRMWARE:
		events_health(nic, le32_to_cpu(event->arg));
		break;
	default:
		/* A newer minor version may add types. */
		nic->events.ignored++;
	}
}

/* The producer, as the NIC wrote it; slots below it are read after it. */
static u32 events_producer(const struct cdna_events *events)
{
	u32 prod = le32_to_cpu(READ_ONCE(events->ring->prod));

	dma_rmb();
	return prod;
}

/*
 * Take one event, and free its slot before it is handled: the NIC may wait for
 * room.
 */
static void events_take(struct cdna_nic *nic)
{
	struct cdna_events *events = &nic->events;
	const struct cdna_event *slot = (void *)(events->ring + 1);
	struct cdna_event event;

	event = slot[events->cons % CDNA_EVENTS_SLOTS];
	WRITE_ONCE(events->cons, events->cons + 1);
	cdna_nic_mbox(nic, CDNA_MGMT_MBOX_EVENT_CONS, events->cons);

	mutex_lock(&events->lock);
	events_dispatch(nic, &event);
	mutex_unlock(&events->lock);
}

static void events_work(struct work_struct *work)
{
	struct cdna_nic *nic = container_of(work, struct cdna_nic,
					    events.work);
	struct cdna_events *events = &nic->events;
	u32 prod = events_producer(events);

	if (cdna_provider_is_dead(&nic->provider))
		return;
	if (prod - events->cons > CDNA_EVENTS_SLOTS) {
		cdna_health_fail(nic, "its event ring overflowed");
		return;
	}
	while (events->cons != prod)
		events_take(nic);
	cdna_events_kick(nic);
}

/**
 * cdna_events_kick - queue the work if there are events
 * @nic: the NIC
 *
 * Context: any.
 */
void cdna_events_kick(struct cdna_nic *nic)
{
	struct cdna_events *events = &nic->events;

	if (events_producer(events) != READ_ONCE(events->cons))
		queue_work(nic->wq, &events->work);
}

/* Notify the client once that the NIC is dead. */
static void events_report_dead(struct cdna_nic *nic)
{
	struct cdna_events *events = &nic->events;

	lockdep_assert_held(&events->lock);

	if (!events->open || events->dead_reported ||
	    !cdna_provider_is_dead(&nic->provider))
		return;
	events->dead_reported = true;
	nic->provider.client->dead(&nic->provider);
	events->open = false;
}

/**
 * cdna_events_dead - notify the client that the NIC is dead
 * @nic: the NIC, marked dead
 *
 * Context: process; calls the client.
 */
void cdna_events_dead(struct cdna_nic *nic)
{
	guard(mutex)(&nic->events.lock);
	events_report_dead(nic);
}

/**
 * cdna_events_start - read the state of the link, and take pending events
 * @nic: the NIC, which has the ring
 *
 * Context: process.
 */
void cdna_events_start(struct cdna_nic *nic)
{
	u32 status = cdna_nic_read(nic, CDNA_REG_STATUS);

	mutex_lock(&nic->events.lock);
	events_link(nic, status != ~0u && status & CDNA_STATUS_LINK);
	mutex_unlock(&nic->events.lock);
	cdna_events_kick(nic);
}

/**
 * cdna_events_open - begin to call the client
 * @nic: the NIC, which is registered as a provider
 *
 * Reports the current state of the link, or the death of the NIC.
 *
 * Context: process; calls the client.
 */
void cdna_events_open(struct cdna_nic *nic)
{
	struct cdna_events *events = &nic->events;

	guard(mutex)(&events->lock);
	events->open = true;
	events_report_dead(nic);
	if (events->open)
		events_link(nic, events->link);
}

/**
 * cdna_events_mute - end callbacks of the client
 * @nic: the NIC
 *
 * When it returns, none runs and none will.
 *
 * Context: process, with no lock held that a callback takes.
 */
void cdna_events_mute(struct cdna_nic *nic)
{
	guard(mutex)(&nic->events.lock);
	nic->events.open = false;
}

/**
 * cdna_events_alloc - allocate the event ring
 * @nic: the NIC; the ring's address is in @nic->events.dma
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_events_alloc(struct cdna_nic *nic)
{
	struct cdna_events *events = &nic->events;

	mutex_init(&events->lock);
	INIT_WORK(&events->work, events_work);
	events->ring = dmam_alloc_coherent(cdna_nic_dev(nic), EVENTS_BYTES,
					   &events->dma, GFP_KERNEL);
	return events->ring ? 0 : -ENOMEM;
}

/**
 * cdna_events_stop - end the work that takes events
 * @nic: the NIC, reset or cut off, with its interrupts freed
 *
 * Context: process; waits for the work.
 */
void cdna_events_stop(struct cdna_nic *nic)
{
	disable_work_sync(&nic->events.work);
}
