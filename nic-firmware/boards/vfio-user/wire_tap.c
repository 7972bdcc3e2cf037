// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TAP as the wire: what we send, the kernel receives from the interface,
 * and the other way. The interface may be in another network namespace.
 *
 * As "tap-gso:", segments of a TCP stream that follow each other go to the kernel
 * as one, see wire_merge.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "log.h"
#include "wire.h"
#include "wire_merge.h"

/* Ticks between two looks for a deleted interface, at the most: 5 seconds */
#define WIRE_TAP_PAUSE		25

static const char *wire_tap_check(const char *name)
{
	size_t len = strlen(name);

	static_assert(IFNAMSIZ == 16, "the message says so");
	/* The kernel would take a % for a pattern. */
	if (!len || len >= IFNAMSIZ || strpbrk(name, "/ \t\n%:") ||
	    !strcmp(name, ".") || !strcmp(name, ".."))
		return "give an interface name of 1 to 15 characters";
	return NULL;
}

/* Say why, once: a failure may be met again and again. */
static void wire_tap_explain(struct wire_tap *tap, int err)
{
	const char *name = tap->name;

	if (err == tap->told)
		return;
	tap->told = err;
	switch (err) {
	case EPERM:
		log_error("tap:%s: not allowed; run as root, or have root do: ip tuntap add dev %s mode tap user %u",
			  name, name, (unsigned int)getuid());
		break;
	case EBUSY:
		log_error("tap:%s: in use by another process; stop it or choose another name",
			  name);
		break;
	case EINVAL:
		log_error("tap:%s: there is such an interface, but no plain TAP; choose another name",
			  name);
		break;
	default:
		log_error("tap:%s: %s", name, strerror(err));
	}
}

static void wire_tap_detach(struct wire *wire)
{
	if (wire->fd >= 0)
		close(wire->fd);
	wire->fd = -1;
}

static bool wire_tap_attach(struct wire *wire)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	struct wire_tap *tap = &wire->tap;

	if (wire->merge)
		ifr.ifr_flags |= IFF_VNET_HDR;
	memcpy(ifr.ifr_name, tap->name, sizeof(tap->name));
	wire->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (wire->fd < 0 && errno != tap->told) {
		tap->told = errno;
		log_error("/dev/net/tun: %s; load the kernel's tun module or use --wire unix:PATH",
			  strerror(errno));
	}
	if (wire->fd < 0)
		return false;
	if (ioctl(wire->fd, TUNSETIFF, &ifr)) {
		wire_tap_explain(tap, errno);
		wire_tap_detach(wire);
		return false;
	}
	tap->told = 0;
	tap->wait = 0;
	tap->pause = 1;
	return true;
}

static bool wire_tap_open(struct wire *wire, const char *name)
{
	memcpy(wire->tap.name, name, strlen(name));
	wire->tap.made = !if_nametoindex(name);
	return wire_tap_attach(wire);
}

static bool wire_tap_gso_open(struct wire *wire, const char *name)
{
	wire->merge = calloc(1, sizeof(*wire->merge));
	if (!wire->merge) {
		log_error("tap-gso:%s: out of memory", name);
		return false;
	}
	return wire_tap_open(wire, name);
}

/*
 * The interface was deleted, possibly with its namespace. Creating one that
 * we had not created before would take its name from its owner.
 */
static bool wire_tap_find_again(struct wire *wire)
{
	struct wire_tap *tap = &wire->tap;

	if (tap->wait) {
		tap->wait--;
		return false;
	}
	if ((tap->made || if_nametoindex(tap->name)) && wire_tap_attach(wire)) {
		log_client("wire: there is a TAP %s again", tap->name);
		return true;
	}
	tap->wait = tap->pause;
	tap->pause = FW_MIN(tap->pause * 2, (u32)WIRE_TAP_PAUSE);
	return false;
}

/*
 * A TAP can be written to while its interface is up, and an error means that
 * it was deleted. Asking it, not the interface by name, works wherever the
 * interface was moved.
 */
static void wire_tap_tick(struct wire *wire)
{
	struct pollfd p = { .events = POLLOUT };

	if (wire->fd < 0 && !wire_tap_find_again(wire))
		return;
	p.fd = wire->fd;
	if (poll(&p, 1, 0) < 0)
		return;
	if (p.revents & POLLERR) {
		log_client("wire: the TAP %s was deleted; waiting for another",
			   wire->tap.name);
		wire_set_up(wire, false);
		wire_tap_detach(wire);
		return;
	}
	wire_set_up(wire, p.revents & POLLOUT);
}

static ssize_t wire_tap_send(struct wire *wire, struct iovec *iov, u32 count)
{
	ssize_t n = writev(wire->fd, iov, (int)count);

	/* The interface is down. */
	if (n < 0 && errno == EIO)
		wire_set_up(wire, false);
	return n;
}

/* What the kernel does not take now is lost: it has been reported as sent. */
static void wire_tap_gso_flush(struct wire *wire)
{
	struct wire_merge *m = wire->merge;
	u32 segs = m->segs;
	struct iovec iov[2];

	if (!m->len)
		return;
	wire_merge_take(m, iov);
	if (wire->fd < 0 || wire_tap_send(wire, iov, 2) < 0)
		wire->tx_dropped += segs;
}

static ssize_t wire_tap_gso_send(struct wire *wire, struct iovec *iov,
				 u32 count)
{
	static struct virtio_net_hdr plain;
	struct wire_merge *m = wire->merge;
	struct iovec more[WIRE_MAX_IOV + 1] = { { &plain, sizeof(plain) } };

	if (wire_merge_add(m, iov, count)) {
		if (m->closed)
			wire_tap_gso_flush(wire);
		return 0;
	}
	if (m->len) {
		wire_tap_gso_flush(wire);
		return wire_tap_gso_send(wire, iov, count);
	}
	memcpy(more + 1, iov, count * sizeof(*iov));
	return wire_tap_send(wire, more, count + 1);
}

/* One byte more than asked for: a TAP does not say that it cut a frame. */
static ssize_t wire_tap_recv(struct wire *wire, struct iovec *iov, u32 count)
{
	struct iovec more[WIRE_MAX_IOV + 1];
	u8 extra;

	memcpy(more, iov, count * sizeof(*iov));
	more[count].iov_base = &extra;
	more[count].iov_len = 1;
	return readv(wire->fd, more, (int)count + 1);
}

/* The kernel segments and checksums what it gives us, so the header is void. */
static ssize_t wire_tap_gso_recv(struct wire *wire, struct iovec *iov,
				 u32 count)
{
	struct virtio_net_hdr vnet;
	struct iovec more[WIRE_MAX_IOV + 2] = { { &vnet, sizeof(vnet) } };
	u8 extra;
	ssize_t n;

	memcpy(more + 1, iov, count * sizeof(*iov));
	more[count + 1].iov_base = &extra;
	more[count + 1].iov_len = 1;
	n = readv(wire->fd, more, (int)count + 2);
	return n < (ssize_t)sizeof(vnet) ? n : n - (ssize_t)sizeof(vnet);
}

/* Closing the descriptor removes an interface that it made. */
static void wire_tap_close(struct wire *wire)
{
	free(wire->merge);
	wire->merge = NULL;
}

const struct wire_ops wire_tap_ops = {
	.check = wire_tap_check,
	.open = wire_tap_open,
	.tick = wire_tap_tick,
	.send = wire_tap_send,
	.recv = wire_tap_recv,
	.close = wire_tap_close,
};

const struct wire_ops wire_tap_gso_ops = {
	.check = wire_tap_check,
	.open = wire_tap_gso_open,
	.tick = wire_tap_tick,
	.send = wire_tap_gso_send,
	.flush = wire_tap_gso_flush,
	.recv = wire_tap_gso_recv,
	.close = wire_tap_close,
};
