// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages on a stream socket: sixteen bytes of header that tell the size,
 * then the body. File descriptors come with the first byte of a header. The
 * header is read by itself, so that descriptors cannot be taken for those of
 * a neighbouring message; any that arrive elsewhere are closed by the kernel,
 * and end the connection.
 */
#include "msg.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MSG_HEADER_BYTES	((u32)sizeof(struct msg_header))

/**
 * msg_open() - begin to talk to a client
 * @conn: connection
 * @fd: its socket, non-blocking; passes into the connection's ownership
 */
void msg_open(struct msg_conn *conn, int fd)
{
	conn->fd = fd;
	conn->have = 0;
	conn->nfds = 0;
	conn->out_start = 0;
	conn->out_end = 0;
}

/**
 * msg_close() - end it, with all that it holds
 * @conn: connection
 */
void msg_close(struct msg_conn *conn)
{
	msg_done(conn);
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
}

/**
 * msg_done() - forget the message in hand and close what nobody took
 * @conn: connection
 */
void msg_done(struct msg_conn *conn)
{
	u32 i;

	for (i = 0; i < conn->nfds; i++)
		if (conn->fds[i] >= 0)
			close(conn->fds[i]);
	conn->nfds = 0;
	conn->have = 0;
}

/* Keeps descriptors. Return: false if there are more than a message may have */
static bool msg_take_fds(struct msg_conn *conn, struct msghdr *mh)
{
	struct cmsghdr *c;
	bool fits = !(mh->msg_flags & MSG_CTRUNC);
	u32 i, n;
	int fd;

	for (c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (u32)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		for (i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			if (conn->nfds < MSG_MAX_FDS) {
				conn->fds[conn->nfds++] = fd;
			} else {
				close(fd);
				fits = false;
			}
		}
	}
	return fits;
}

/* Reads up to @want bytes of the message in hand */
static enum msg_result msg_read(struct msg_conn *conn, u32 want)
{
	union {
		char buf[CMSG_SPACE(MSG_MAX_FDS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = {
		.iov_base = conn->in.bytes + conn->have,
		.iov_len = want - conn->have,
	};
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (conn->have < MSG_HEADER_BYTES) {
		mh.msg_control = control.buf;
		mh.msg_controllen = sizeof(control.buf);
	}
	do {
		n = recvmsg(conn->fd, &mh, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? MSG_AGAIN : MSG_CLOSED;
	if (!msg_take_fds(conn, &mh))
		return MSG_BAD;
	if (!n)
		return MSG_CLOSED;
	conn->have += (u32)n;
	return conn->have == want ? MSG_READY : MSG_AGAIN;
}

/**
 * msg_receive() - go on reading the message in hand
 * @conn: connection
 *
 * Return: MSG_READY with a message whose size is within bounds and wholly
 * there; the caller ends it with msg_done().
 */
enum msg_result msg_receive(struct msg_conn *conn)
{
	enum msg_result r = MSG_READY;
	u32 size;

	if (conn->have < MSG_HEADER_BYTES)
		r = msg_read(conn, MSG_HEADER_BYTES);
	if (r != MSG_READY)
		return r;
	size = conn->in.header.size;
	if (size < MSG_HEADER_BYTES || size > MSG_MAX_BYTES)
		return MSG_BAD;
	if (conn->have < size)
		r = msg_read(conn, size);
	return r;
}

static bool msg_out_append(struct msg_conn *conn, const u8 *src, size_t len)
{
	if (len > MSG_OUT_BYTES - conn->out_end && conn->out_start) {
		memmove(conn->out, conn->out + conn->out_start,
			conn->out_end - conn->out_start);
		conn->out_end -= conn->out_start;
		conn->out_start = 0;
	}
	if (len > MSG_OUT_BYTES - conn->out_end)
		return false;
	memcpy(conn->out + conn->out_end, src, len);
	conn->out_end += (u32)len;
	return true;
}

/* Return: bytes sent, 0 if the socket is full, less if it is dead */
static ssize_t msg_write(struct msg_conn *conn, struct iovec *iov, size_t n)
{
	struct msghdr mh = { .msg_iov = iov, .msg_iovlen = n };
	ssize_t sent;

	do {
		sent = sendmsg(conn->fd, &mh, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS))
		return 0;
	return sent;
}

/**
 * msg_send() - send a message, or keep it until the socket takes it
 * @conn: connection
 * @header: its size is that of the whole message
 * @body: what follows
 *
 * Return: false if the client is gone, or does not read what it asked for.
 */
bool msg_send(struct msg_conn *conn, const struct msg_header *header,
	      const void *body)
{
	size_t len = header->size - MSG_HEADER_BYTES;
	struct iovec iov[2] = {
		{ (void *)(uintptr_t)header, MSG_HEADER_BYTES },
		{ (void *)(uintptr_t)body, len },
	};
	size_t sent = 0;
	ssize_t n;
	u32 i;

	if (!msg_wants_out(conn)) {
		n = msg_write(conn, iov, len ? 2 : 1);
		if (n < 0)
			return false;
		sent = (size_t)n;
	}
	for (i = 0; i < 2; i++) {
		size_t skip = FW_MIN(sent, iov[i].iov_len);

		sent -= skip;
		if (skip < iov[i].iov_len &&
		    !msg_out_append(conn, (u8 *)iov[i].iov_base + skip,
				    iov[i].iov_len - skip))
			return false;
	}
	return true;
}

/**
 * msg_flush() - the socket may take more
 * @conn: connection
 *
 * Return: false if the client is gone.
 */
bool msg_flush(struct msg_conn *conn)
{
	struct iovec iov;
	ssize_t n;

	if (!msg_wants_out(conn))
		return true;
	iov.iov_base = conn->out + conn->out_start;
	iov.iov_len = conn->out_end - conn->out_start;
	n = msg_write(conn, &iov, 1);
	if (n < 0)
		return false;
	conn->out_start += (u32)n;
	if (msg_wants_out(conn))
		return true;
	conn->out_start = 0;
	conn->out_end = 0;
	return true;
}
