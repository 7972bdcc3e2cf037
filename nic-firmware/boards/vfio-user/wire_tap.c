// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TAP as the wire: what we send, the kernel receives from the interface,
 * and the other way. The interface may be in another network namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "log.h"
#include "wire.h"

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

static void wire_tap_explain(const char *name, int err)
{
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

static bool wire_tap_open(struct wire *wire, const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	wire->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (wire->fd < 0) {
		log_error("/dev/net/tun: %s; load the kernel's tun module or use --wire unix:PATH",
			  strerror(errno));
		return false;
	}
	memcpy(ifr.ifr_name, name, strlen(name));
	if (ioctl(wire->fd, TUNSETIFF, &ifr)) {
		wire_tap_explain(name, errno);
		return false;
	}
	return true;
}

/*
 * A TAP can be written to while its interface is up, and an error means that
 * it was deleted. Asking it, not the interface by name, works wherever the
 * interface was moved.
 */
static void wire_tap_tick(struct wire *wire)
{
	struct pollfd p = { .fd = wire->fd, .events = POLLOUT };

	if (wire->fd < 0)
		return;
	if (poll(&p, 1, 0) < 0)
		return;
	if (p.revents & POLLERR) {
		log_error("wire: the TAP was deleted; there is no wire any more");
		wire_set_up(wire, false);
		close(wire->fd);
		wire->fd = -1;
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

/* Closing the descriptor removes an interface that it made. */
static void wire_tap_close(struct wire *wire)
{
	(void)wire;
}

const struct wire_ops wire_tap_ops = {
	.check = wire_tap_check,
	.open = wire_tap_open,
	.tick = wire_tap_tick,
	.send = wire_tap_send,
	.recv = wire_tap_recv,
	.close = wire_tap_close,
};
