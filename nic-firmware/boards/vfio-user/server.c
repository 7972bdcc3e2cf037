// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients: one at a time. When it leaves, however it does, the function is as
 * after power-on and waits for the next one.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "nicd.h"
#include "vfu.h"

#define SERVER_EXTRA_NS		CLOCK_NS_PER_SEC

/* Whether a server answers at the path. It takes us for a client that left. */
static bool server_is_alive(const struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool alive;

	if (fd < 0)
		return true;
	alive = !connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) ||
		errno == EAGAIN;
	close(fd);
	return alive;
}

/* Makes room at the path, if it has a dead server's socket. */
static bool server_clear_path(const struct sockaddr_un *addr)
{
	const char *path = addr->sun_path;
	struct stat st;

	if (lstat(path, &st))
		return true;
	if (!S_ISSOCK(st.st_mode)) {
		log_error("--socket %s: exists and is not a socket; choose another path",
			  path);
		return false;
	}
	if (server_is_alive(addr)) {
		log_error("--socket %s: another cdna-nicd serves it; stop that or choose another path",
			  path);
		return false;
	}
	return !unlink(path) || errno == ENOENT;
}

/**
 * server_open() - listen for clients
 * @d: process
 *
 * Return: false after logging why.
 */
bool server_open(struct nicd *d)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	d->listen_fd = -1;
	d->conn.fd = -1;
	d->extra_fd = -1;
	memcpy(addr.sun_path, d->opt.socket, strlen(d->opt.socket));
	if (!server_clear_path(&addr))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		goto fail;
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)))
		goto close_fd;
	if (listen(fd, 4))
		goto unlink_path;
	d->listen_fd = fd;
	return true;

unlink_path:
	unlink(d->opt.socket);
close_fd:
	close(fd);
fail:
	log_error("--socket %s: %s", d->opt.socket, strerror(errno));
	return false;
}

/**
 * server_close() - accept no further clients
 * @d: process
 */
void server_close(struct nicd *d)
{
	if (d->conn.fd >= 0)
		server_drop(d, "the NIC ends");
	if (d->extra_fd >= 0)
		close(d->extra_fd);
	if (d->listen_fd >= 0) {
		close(d->listen_fd);
		unlink(d->opt.socket);
	}
	d->extra_fd = -1;
	d->listen_fd = -1;
}

/**
 * server_accept() - a client knocks
 * @d: process
 */
void server_accept(struct nicd *d)
{
	int fd = accept4(d->listen_fd, NULL, NULL,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (d->conn.fd < 0) {
		msg_open(&d->conn, fd);
		d->negotiated = false;
		d->counts.clients++;
		log_client("client connected");
		return;
	}
	d->counts.refused++;
	log_client("a second client is refused");
	if (d->extra_fd >= 0) {
		close(fd);
		return;
	}
	d->extra_fd = fd;
	d->extra_until = clock_now_ns() + SERVER_EXTRA_NS;
}

/**
 * server_extra() - tell a second client, when it asks, that there is one
 * @d: process
 * @now: monotonic, in ns
 */
void server_extra(struct nicd *d, u64 now)
{
	struct msg_header h;
	ssize_t n = recv(d->extra_fd, &h, sizeof(h), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN && now < d->extra_until)
		return;
	if (n == sizeof(h)) {
		h.size = sizeof(h);
		h.flags = MSG_TYPE_REPLY | MSG_ERROR;
		h.error = EBUSY;
		n = send(d->extra_fd, &h, sizeof(h),
			 MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	/* Whether it read that is its business. */
	(void)n;
	close(d->extra_fd);
	d->extra_fd = -1;
}

/**
 * server_drop() - the client leaves, or has to
 * @d: process
 * @why: for the log
 */
void server_drop(struct nicd *d, const char *why)
{
	log_client("client disconnected: %s", why);
	msg_close(&d->conn);
	dma_map_remove_all(&d->dma);
	irq_close_all(&d->irq);
	board_reset(d);
	d->negotiated = false;
}

/* Return: NULL if a message was handled, else why the connection ends */
static const char *server_message(struct nicd *d)
{
	bool ok = vfu_handle(d);

	msg_done(&d->conn);
	if (ok)
		return NULL;
	d->counts.dropped++;
	return "it sent a reply to nothing, or does not read ours";
}

/**
 * server_service() - handle messages
 * @d: process, with a client
 * @budget: how many at most
 *
 * Return: true if there may be more.
 */
bool server_service(struct nicd *d, u32 budget)
{
	const char *why = NULL;

	if (!msg_flush(&d->conn))
		why = "its socket is closed";
	while (!why && budget--) {
		switch (msg_receive(&d->conn)) {
		case MSG_READY:
			why = server_message(d);
			break;
		case MSG_AGAIN:
			return false;
		case MSG_CLOSED:
			why = "it closed the connection";
			break;
		case MSG_BAD:
			d->counts.dropped++;
			why = "it sent no vfio-user message";
			break;
		}
	}
	if (!why)
		return true;
	server_drop(d, why);
	return false;
}
