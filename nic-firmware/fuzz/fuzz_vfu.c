// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio-user messages: whatever a client sends, in whatever order, with
 * whatever descriptors, the server answers or hangs up, and keeps nothing.
 *
 * The input is a script of a client. Its first byte says whether to trace;
 * then come records, each a byte of enum record and what that wants.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "boards/vfio-user/log.h"
#include "boards/vfio-user/vfu.h"
#include "fuzz/libfuzzer.h"

#define GUEST_PAGES		64
#define PAGE			4096
#define MAX_RECORDS		256

/**
 * enum record - what the client does
 * @REC_MESSAGE: command, flags, descriptors, length (2), body
 * @REC_RAW: length (2), bytes of the stream
 * @REC_RECONNECT: hangs up and comes back
 * @REC_TRUNCATE: pages: cuts or grows its memory's file
 * @REC_MEMORY: page, length, bytes: writes to its memory
 * @REC_READY: tells its version, maps its memory, enables the bus
 * @NR_RECORDS: how many there are
 */
enum record {
	REC_MESSAGE,
	REC_RAW,
	REC_RECONNECT,
	REC_TRUNCATE,
	REC_MEMORY,
	REC_READY,
	NR_RECORDS,
};

/* Descriptors of REC_MESSAGE: low nibble how many, high nibble of what */
enum fd_kind {
	FD_GUEST,
	FD_EVENT,
	FD_NULL,
	FD_SHORT,
	NR_FD_KINDS,
};

static struct nicd *d;
static int guest_fd;
static int client = -1;
static size_t have;	/* bytes of replies not taken yet */

static void require(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "check failed: %s\n", what);
	abort();
}

static int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	require(dir, "opendir");
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const u8 mac[FW_ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };

	(void)argc;
	(void)argv;
	d = calloc(1, sizeof(*d));
	require(d, "memory");
	d->listen_fd = -1;
	d->extra_fd = -1;
	d->conn.fd = -1;
	/* Few: a reset, of which there are many, clears them all. */
	d->opt.config.contexts = 4;
	d->opt.config.mtu = 1500;
	memcpy(d->opt.config.mac, mac, sizeof(mac));
	require(log_open("/dev/null"), "log");
	require(pcap_open(&d->pcap, NULL), "capture");
	require(wire_open(&d->wire, NULL, &d->pcap), "wire");
	require(board_init(d), "board");
	return 0;
}

/* Takes what was sent: each a reply, and none longer than may be. */
static void drain(void)
{
	static u8 bytes[1 << 18];
	struct msg_header h;
	size_t at = 0;
	ssize_t n;

	while ((n = recv(client, bytes + have, sizeof(bytes) - have,
			 MSG_DONTWAIT)) > 0)
		have += (size_t)n;
	while (have - at >= sizeof(h)) {
		memcpy(&h, bytes + at, sizeof(h));
		require(h.size >= sizeof(h) && h.size <= MSG_MAX_BYTES,
			"size of a reply");
		require((h.flags & ~(u32)MSG_ERROR) == MSG_TYPE_REPLY,
			"flags of a reply");
		require(!h.error == !(h.flags & MSG_ERROR),
			"error of a reply");
		if (h.size > have - at)
			break;
		at += h.size;
	}
	memmove(bytes, bytes + at, have - at);
	have -= at;
}

static void pump(void)
{
	loop_once(d, true);
	drain();
}

static void connect_client(void)
{
	int ends[2];

	if (client >= 0)
		close(client);
	client = -1;
	/* What it sent before is handled first; a hang would be found. */
	while (d->conn.fd >= 0)
		loop_once(d, true);
	require(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			    0, ends), "socketpair");
	client = ends[0];
	have = 0;
	msg_open(&d->conn, ends[1]);
	d->negotiated = false;
}

static void send_bytes(const void *bytes, size_t len, const int *fds, u32 nfds)
{
	union {
		char buf[CMSG_SPACE(16 * sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec iov = { (void *)(uintptr_t)bytes, len };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;
	ssize_t n;

	if (nfds) {
		mh.msg_control = control.buf;
		mh.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		c = CMSG_FIRSTHDR(&mh);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(nfds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, nfds * sizeof(int));
	}
	/* It may be closed by now, or full. */
	n = sendmsg(client, &mh, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)n;
}

static int new_fd(u32 kind)
{
	int fd;

	switch (kind % NR_FD_KINDS) {
	case FD_EVENT:
		return eventfd(0, EFD_CLOEXEC);
	case FD_NULL:
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	case FD_SHORT:
		fd = memfd_create("short", MFD_CLOEXEC);
		require(!ftruncate(fd, PAGE), "ftruncate");
		return fd;
	default:
		return dup(guest_fd);
	}
}

static void message(u32 cmd, u32 flags, u32 fd_spec, const u8 *body, u32 len)
{
	static u8 bytes[sizeof(struct msg_header) + 65536];
	struct msg_header h = {
		.cmd = (u16)cmd,
		.flags = flags,
		.size = (u32)sizeof(h) + len,
	};
	u32 nfds = fd_spec & 0xf, i;
	int fds[16] = { 0 };

	memcpy(bytes, &h, sizeof(h));
	if (len)
		memcpy(bytes + sizeof(h), body, len);
	for (i = 0; i < nfds; i++)
		fds[i] = new_fd(fd_spec >> 4);
	send_bytes(bytes, h.size, fds, nfds);
	for (i = 0; i < nfds; i++)
		close(fds[i]);
	pump();
}

static void ready(void)
{
	static const u8 version[4] = { 0 };
	struct vfu_dma_map map = {
		.argsz = sizeof(map),
		.flags = DMA_READ | DMA_WRITE,
		.size = GUEST_PAGES * PAGE,
	};
	struct {
		struct vfu_region_access a;
		u8 data[2];
	} command = { { 4, 7, 2 }, { 6, 0 } };

	message(VFU_VERSION, 0, 0, version, sizeof(version));
	message(VFU_DMA_MAP, 0, 1, (u8 *)&map, sizeof(map));
	message(VFU_REGION_WRITE, 0, 0, (u8 *)&command, 18);
}

/**
 * struct script - the rest of the input
 * @at: next byte
 * @left: bytes from there
 */
struct script {
	const u8 *at;
	size_t left;
};

static u32 next(struct script *s)
{
	if (!s->left)
		return 0;
	s->left--;
	return *s->at++;
}

static const u8 *take(struct script *s, u32 *len)
{
	const u8 *at = s->at;

	*len = (u32)FW_MIN((size_t)*len, s->left);
	s->at += *len;
	s->left -= *len;
	return at;
}

static void do_message(struct script *s)
{
	u32 cmd = next(s), flags = next(s), fds = next(s);
	u32 len = next(s) << 8;
	const u8 *body;

	len |= next(s);
	body = take(s, &len);
	message(cmd, flags, fds, body, len);
}

static void do_raw(struct script *s)
{
	u32 len = next(s) << 8;
	const u8 *bytes;

	len |= next(s);
	bytes = take(s, &len);
	if (len)
		send_bytes(bytes, len, NULL, 0);
	pump();
}

static void do_memory(struct script *s)
{
	u32 page = next(s) % GUEST_PAGES, len = next(s);
	const u8 *bytes = take(s, &len);
	ssize_t n = pwrite(guest_fd, bytes, len, (off_t)page * PAGE);

	(void)n;
}

static void do_record(struct script *s)
{
	switch (next(s) % NR_RECORDS) {
	case REC_MESSAGE:
		do_message(s);
		break;
	case REC_RAW:
		do_raw(s);
		break;
	case REC_RECONNECT:
		connect_client();
		break;
	case REC_TRUNCATE:
		require(!ftruncate(guest_fd, next(s) % GUEST_PAGES * PAGE),
			"ftruncate");
		break;
	case REC_MEMORY:
		do_memory(s);
		break;
	case REC_READY:
		ready();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script s = { data, size };
	int i, open_fds = count_fds();

	/* Here and not before: libFuzzer has put its own handler there. */
	require(dma_guard_install(), "SIGBUS");
	guest_fd = memfd_create("guest", MFD_CLOEXEC);
	require(!ftruncate(guest_fd, GUEST_PAGES * PAGE), "ftruncate");
	connect_client();
	d->opt.trace = next(&s) & 1;
	for (i = 0; i < MAX_RECORDS && s.left; i++)
		do_record(&s);
	pump();

	close(client);
	client = -1;
	while (d->conn.fd >= 0)
		loop_once(d, true);
	require(!d->dma.count, "no map stays");
	close(guest_fd);
	require(count_fds() == open_fds, "no descriptor stays");
	return 0;
}
