// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two NICs back to back over a UNIX socket, a frame being a packet. Both are
 * started alike: the first one to bind the path listens, the other connects,
 * and when either ends, the one that is left finds its role again within a
 * few ticks. A process that lost the path to another (both found the path of
 * a dead one and replaced it) sees that it is no longer its own, and
 * connects.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "wire.h"

#define WIRE_UNIX_SNDBUF	(1 << 20)

/* Refusals in a row that prove that nobody is going to listen there */
#define WIRE_UNIX_STALE		3

static int wire_unix_socket(void)
{
	int size = WIRE_UNIX_SNDBUF;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
			0);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return fd;
}

static void wire_unix_lose_peer(struct wire *wire)
{
	wire_set_up(wire, false);
	if (wire->fd >= 0)
		close(wire->fd);
	wire->fd = -1;
}

/* The path is ours as long as the socket that we bound is there. */
static bool wire_unix_is_mine(const struct wire *wire)
{
	struct stat st;

	return !lstat(wire->addr.sun_path, &st) &&
	       st.st_ino == wire->self.st_ino && st.st_dev == wire->self.st_dev;
}

static void wire_unix_stop_listening(struct wire *wire)
{
	if (wire->listen_fd < 0)
		return;
	if (wire_unix_is_mine(wire))
		unlink(wire->addr.sun_path);
	close(wire->listen_fd);
	wire->listen_fd = -1;
}

static bool wire_unix_connect(struct wire *wire)
{
	int fd = wire_unix_socket();
	int err;

	if (fd < 0)
		return false;
	if (!connect(fd, (const struct sockaddr *)&wire->addr,
		     sizeof(wire->addr))) {
		wire->fd = fd;
		wire->refused = 0;
		wire_set_up(wire, true);
		return true;
	}
	err = errno;
	close(fd);
	/* Refused more than once: it is not just about to listen. */
	if (err == ECONNREFUSED && ++wire->refused >= WIRE_UNIX_STALE) {
		unlink(wire->addr.sun_path);
		wire->refused = 0;
	}
	return false;
}

static bool wire_unix_listen(struct wire *wire)
{
	int fd = wire_unix_socket();
	int err;

	if (fd < 0)
		return false;
	if (bind(fd, (const struct sockaddr *)&wire->addr, sizeof(wire->addr)))
		goto close_fd;
	if (listen(fd, 1) || lstat(wire->addr.sun_path, &wire->self))
		goto close_fd;
	wire->listen_fd = fd;
	return true;

close_fd:
	err = errno;
	close(fd);
	errno = err;
	return false;
}

/* A wire has two ends: who comes third is sent away. */
static void wire_unix_accept(struct wire *wire)
{
	int size = WIRE_UNIX_SNDBUF;
	int fd;

	fd = accept4(wire->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (wire->fd >= 0) {
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	wire->fd = fd;
	wire_set_up(wire, true);
}

static bool wire_unix_peer_gone(const struct wire *wire)
{
	struct pollfd p = { .fd = wire->fd, .events = POLLRDHUP };

	return poll(&p, 1, 0) > 0 &&
	       p.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

static void wire_unix_tick(struct wire *wire)
{
	if (wire->fd >= 0 && wire_unix_peer_gone(wire))
		wire_unix_lose_peer(wire);
	if (wire->fd < 0 && wire->listen_fd >= 0 && !wire_unix_is_mine(wire))
		wire_unix_stop_listening(wire);
	if (wire->fd < 0 && wire->listen_fd < 0 && !wire_unix_connect(wire))
		wire_unix_listen(wire);
	if (wire->listen_fd >= 0)
		wire_unix_accept(wire);
}

static const char *wire_unix_check(const char *path)
{
	struct sockaddr_un addr;

	static_assert(sizeof(addr.sun_path) == 108, "the message says so");
	if (!*path || strlen(path) >= sizeof(addr.sun_path))
		return "give a path of 1 to 107 characters";
	return NULL;
}

static bool wire_unix_open(struct wire *wire, const char *path)
{
	struct stat st;

	wire->addr.sun_family = AF_UNIX;
	memcpy(wire->addr.sun_path, path, strlen(path));
	if (!lstat(path, &st) && !S_ISSOCK(st.st_mode)) {
		log_error("unix:%s: exists and is not a socket; choose another path",
			  path);
		return false;
	}
	if (wire_unix_connect(wire) || wire_unix_listen(wire))
		return true;
	/* The socket of a dead process: the ticks replace it. */
	if (errno == EADDRINUSE)
		return true;
	log_error("unix:%s: %s", path, strerror(errno));
	return false;
}

static bool wire_unix_is_dead(ssize_t n)
{
	return !n || (n < 0 && errno != EAGAIN && errno != ENOBUFS &&
		      errno != EINTR && errno != EMSGSIZE);
}

static ssize_t wire_unix_send(struct wire *wire, struct iovec *iov, u32 count)
{
	struct msghdr mh = { .msg_iov = iov, .msg_iovlen = count };
	ssize_t n = sendmsg(wire->fd, &mh, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0 && wire_unix_is_dead(n)) {
		wire_unix_lose_peer(wire);
		errno = EPIPE;
	}
	return n;
}

/*
 * Descriptors that a peer attaches are closed by the kernel, for lack of room.
 * A packet of no bytes is not a frame and looks like the end: it ends
 * the connection.
 */
static ssize_t wire_unix_recv(struct wire *wire, struct iovec *iov, u32 count)
{
	struct msghdr mh = { .msg_iov = iov, .msg_iovlen = count };
	ssize_t n = recvmsg(wire->fd, &mh, MSG_DONTWAIT | MSG_TRUNC);

	if (wire_unix_is_dead(n))
		wire_unix_lose_peer(wire);
	return n;
}

static void wire_unix_close(struct wire *wire)
{
	wire_unix_stop_listening(wire);
}

const struct wire_ops wire_unix_ops = {
	.check = wire_unix_check,
	.open = wire_unix_open,
	.tick = wire_unix_tick,
	.send = wire_unix_send,
	.recv = wire_unix_recv,
	.close = wire_unix_close,
};
