// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wire, whatever it is made of: frames out and in, the link, and when to
 * wake up for either.
 */
#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

static const struct wire_kind {
	const char *prefix;
	const struct wire_ops *ops;
} wire_kinds[] = {
	{ "tap:", &wire_tap_ops },
	{ "tap-gso:", &wire_tap_gso_ops },
	{ "unix:", &wire_unix_ops },
};

static const struct wire_kind *wire_find(const char *spec)
{
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(wire_kinds); i++)
		if (!strncmp(spec, wire_kinds[i].prefix,
			     strlen(wire_kinds[i].prefix)))
			return &wire_kinds[i];
	return NULL;
}

/**
 * wire_check() - whether this names a wire
 * @spec: as given to --wire
 *
 * Return: NULL if it does, else what to give instead.
 */
const char *wire_check(const char *spec)
{
	const struct wire_kind *kind = wire_find(spec);

	if (!kind)
		return "give tap:NAME, tap-gso:NAME or unix:PATH";
	return kind->ops->check(spec + strlen(kind->prefix));
}

/**
 * wire_open() - make the wire
 * @wire: wire
 * @spec: as given to --wire; NULL: none, the link stays down
 * @pcap: where frames are captured
 *
 * Return: false after logging why.
 */
bool wire_open(struct wire *wire, const char *spec, struct pcap *pcap)
{
	const struct wire_kind *kind = spec ? wire_find(spec) : NULL;

	memset(wire, 0, sizeof(*wire));
	wire->fd = -1;
	wire->listen_fd = -1;
	wire->pcap = pcap;
	if (!kind)
		return true;
	wire->ops = kind->ops;
	if (!kind->ops->open(wire, spec + strlen(kind->prefix)))
		return false;
	kind->ops->tick(wire);
	wire->next_tick = clock_now_ns() + WIRE_TICK_NS;
	return true;
}

void wire_close(struct wire *wire)
{
	if (wire->ops)
		wire->ops->close(wire);
	if (wire->fd >= 0)
		close(wire->fd);
	if (wire->listen_fd >= 0)
		close(wire->listen_fd);
	wire->fd = -1;
	wire->listen_fd = -1;
	wire->ops = NULL;
}

/**
 * wire_set_up() - the link went up or down
 * @wire: wire
 * @up: which
 */
void wire_set_up(struct wire *wire, bool up)
{
	if (wire->up == up)
		return;
	wire->up = up;
	wire->full_since = 0;
	wire->drained = up;
	log_client("wire: link is %s", up ? "up" : "down");
}

/* The wire does not take a frame now: hold it, unless it never does */
static int wire_full(struct wire *wire)
{
	u64 now = clock_now_ns();

	wire->tx_busy++;
	if (!wire->full_since)
		wire->full_since = now;
	if (now - wire->full_since < WIRE_STALL_NS)
		return FW_EBUSY;
	wire->tx_dropped++;
	return FW_EINVAL;
}

static u32 wire_iov(struct iovec *to, const struct fw_iov *iov, u32 count)
{
	u32 i, len = 0;

	for (i = 0; i < count; i++) {
		to[i].iov_base = iov[i].base;
		to[i].iov_len = iov[i].len;
		len += iov[i].len;
	}
	return len;
}

/**
 * wire_send() - send one frame
 * @wire: wire
 * @iov: frame
 * @count: pieces, at most WIRE_MAX_IOV
 *
 * A peer that does not take frames holds them up for WIRE_STALL_NS and no
 * longer: what the NIC switches inside must not wait for it for ever.
 *
 * Return: FW_OK, FW_EBUSY, or another error if the frame is lost.
 */
int wire_send(struct wire *wire, const struct fw_iov *iov, u32 count)
{
	struct iovec to[WIRE_MAX_IOV];
	ssize_t n;
	u32 len;

	if (!wire->up || count > WIRE_MAX_IOV) {
		wire->tx_dropped++;
		return FW_ENOENT;
	}
	len = wire_iov(to, iov, count);
	n = wire->ops->send(wire, to, count);
	if (n < 0 && (errno == EAGAIN || errno == ENOBUFS))
		return wire_full(wire);
	if (n < 0) {
		wire->tx_dropped++;
		return FW_EINVAL;
	}
	wire->full_since = 0;
	wire->tx_frames++;
	wire->tx_bytes += len;
	pcap_frame(wire->pcap, to, count, len);
	return FW_OK;
}

/**
 * wire_flush() - hold back no frame any longer
 * @wire: wire
 */
void wire_flush(struct wire *wire)
{
	if (wire->ops && wire->ops->flush)
		wire->ops->flush(wire);
}

/**
 * wire_poll() - take one frame
 * @wire: wire
 * @iov: where to
 * @count: pieces, at most WIRE_MAX_IOV
 *
 * Return: its length in bytes, more than @iov holds if it was cut; 0: none.
 */
int wire_poll(struct wire *wire, const struct fw_iov *iov, u32 count)
{
	struct iovec to[WIRE_MAX_IOV];
	ssize_t n;
	u32 room;

	if (wire->fd < 0 || !wire->up || count > WIRE_MAX_IOV)
		return 0;
	room = wire_iov(to, iov, count);
	n = wire->ops->recv(wire, to, count);
	if (n <= 0) {
		wire->drained = true;
		return 0;
	}
	wire->rx_frames++;
	wire->rx_bytes += (u64)n;
	pcap_frame(wire->pcap, to, count, FW_MIN((u32)n, room));
	return (int)n;
}

/**
 * wire_events() - what to wait for on the wire
 * @wire: wire
 *
 * Frames, only if the firmware took all that there were: when it leaves some
 * behind, waking it up for them would not make it take them.
 *
 * Return: as for poll().
 */
short wire_events(const struct wire *wire)
{
	short events = 0;

	if (wire->fd < 0 || !wire->up)
		return 0;
	if (wire->drained)
		events |= POLLIN;
	if (wire->full_since)
		events |= POLLOUT;
	return events;
}

/**
 * wire_service() - after having waited
 * @wire: wire
 * @events: what poll() said of the wire
 * @listen_events: what it said of the listening socket
 * @now: monotonic, in ns
 */
void wire_service(struct wire *wire, short events, short listen_events,
		  u64 now)
{
	if (!wire->ops)
		return;
	if (events & POLLIN)
		wire->drained = false;
	if (events & POLLOUT)
		wire->full_since = 0;
	if (events & (POLLERR | POLLHUP) || listen_events)
		wire->next_tick = 0;
	if (now < wire->next_tick)
		return;
	wire->next_tick = now + WIRE_TICK_NS;
	wire->ops->tick(wire);
}

/**
 * wire_deadline() - when to call wire_service() at the latest
 * @wire: wire
 * @now: monotonic, in ns
 *
 * Return: monotonic, in ns; ~0 if never.
 */
u64 wire_deadline(const struct wire *wire, u64 now)
{
	u64 stall = wire->full_since + WIRE_STALL_NS;

	if (!wire->ops)
		return ~0ull;
	/* The firmware offers a held frame again, to have it dropped. */
	if (wire->full_since && stall > now)
		return FW_MIN(wire->next_tick, stall);
	return wire->next_tick;
}
