// SPDX-License-Identifier: GPL-2.0-only
#include "bed.h"

#include <dirent.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../clock.h"

#define BED_ROUNDS		4

int bed_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* So many ticks of a wire, as if their time had come */
void bed_tick(struct wire *wire, u32 times)
{
	while (times--) {
		wire->next_tick = 0;
		wire_service(wire, 0, 0, clock_now_ns());
	}
}

int bed_setup(void **state)
{
	struct bed *bed = calloc(1, sizeof(*bed));
	char program[] = "cdna-nicd", option[] = "--socket";
	char *argv[4] = { program, option };

	assert_non_null(bed);
	signal(SIGPIPE, SIG_IGN);
	bed->open_fds = bed_count_fds();
	bed->fd = -1;
	snprintf(bed->dir, sizeof(bed->dir), "/tmp/nicd-test-XXXXXX");
	assert_non_null(mkdtemp(bed->dir));
	snprintf(bed->path, sizeof(bed->path), "%s/sock", bed->dir);
	argv[2] = bed->path;
	bed->d = calloc(1, sizeof(*bed->d));
	assert_non_null(bed->d);
	optind = 1;
	assert_int_equal(options_parse(&bed->d->opt, 3, argv), OPTIONS_RUN);
	assert_true(pcap_open(&bed->d->pcap, NULL));
	assert_true(wire_open(&bed->d->wire, NULL, &bed->d->pcap));
	assert_true(board_init(bed->d));
	assert_true(server_open(bed->d));
	*state = bed;
	return 0;
}

int bed_setup_connected(void **state)
{
	struct bed *bed;

	bed_setup(state);
	bed = *state;
	bed->fd = bed_connect(bed);
	return 0;
}

int bed_setup_ready(void **state)
{
	bed_setup_connected(state);
	bed_negotiate(*state);
	return 0;
}

int bed_teardown(void **state)
{
	struct bed *bed = *state;
	int open_fds = bed->open_fds;

	if (bed->fd >= 0)
		close(bed->fd);
	server_close(bed->d);
	board_fini(bed->d);
	wire_close(&bed->d->wire);
	pcap_close(&bed->d->pcap);
	assert_int_not_equal(access(bed->path, F_OK), 0);
	assert_int_equal(rmdir(bed->dir), 0);
	free(bed->d);
	free(bed);
	/* Whatever a client did, no descriptor of it stays with us. */
	assert_int_equal(bed_count_fds(), open_fds);
	return 0;
}

void bed_pump(struct bed *bed)
{
	int i;

	for (i = 0; i < BED_ROUNDS; i++)
		loop_once(bed->d, true);
}

int bed_connect(struct bed *bed)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(addr.sun_path, bed->path, strlen(bed->path));
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)),
			 0);
	bed_pump(bed);
	return fd;
}

void bed_negotiate(struct bed *bed)
{
	static const char json[] = "{\"capabilities\":{\"max_msg_fds\":16}}";
	u8 body[4 + sizeof(json)] = { 0 };

	memcpy(body + 4, json, sizeof(json));
	assert_int_equal(bed_call(bed, VFU_VERSION, body, sizeof(body), NULL),
			 0);
}

void bed_send_raw(struct bed *bed, const void *bytes, size_t len,
		  const int *fds, u32 nfds)
{
	union {
		char buf[CMSG_SPACE(BED_MAX_FDS * sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec iov = { (void *)(uintptr_t)bytes, len };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (nfds) {
		mh.msg_control = control.buf;
		mh.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		c = CMSG_FIRSTHDR(&mh);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(nfds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, nfds * sizeof(int));
	}
	assert_int_equal(sendmsg(bed->fd, &mh, MSG_NOSIGNAL), len);
}

void bed_send(struct bed *bed, u32 cmd, u32 flags, const void *body, u32 len,
	      const int *fds, u32 nfds)
{
	u8 bytes[MSG_MAX_BYTES + 64];
	struct msg_header header = {
		.id = ++bed->id,
		.cmd = (u16)cmd,
		.size = (u32)sizeof(header) + len,
		.flags = flags,
	};

	assert_true(header.size <= sizeof(bytes));
	memcpy(bytes, &header, sizeof(header));
	if (len)
		memcpy(bytes + sizeof(header), body, len);
	bed_send_raw(bed, bytes, header.size, fds, nfds);
}

/* Return: false if nothing came */
bool bed_receive(struct bed *bed, struct bed_reply *reply)
{
	ssize_t n;

	bed_pump(bed);
	n = recv(bed->fd, &reply->header, sizeof(reply->header), MSG_DONTWAIT);
	if (n <= 0)
		return false;
	assert_int_equal(n, sizeof(reply->header));
	assert_true(reply->header.size >= sizeof(reply->header));
	assert_true(reply->header.size <= MSG_MAX_BYTES);
	reply->len = reply->header.size - (u32)sizeof(reply->header);
	if (reply->len)
		assert_int_equal(recv(bed->fd, reply->body, reply->len,
				      MSG_DONTWAIT), reply->len);
	return true;
}

u32 bed_call_fds(struct bed *bed, u32 cmd, const void *body, u32 len,
		 const int *fds, u32 nfds, struct bed_reply *reply)
{
	struct bed_reply own;

	if (!reply)
		reply = &own;
	bed_send(bed, cmd, 0, body, len, fds, nfds);
	assert_true(bed_receive(bed, reply));
	assert_int_equal(reply->header.id, bed->id);
	assert_int_equal(reply->header.cmd, cmd);
	if (!(reply->header.flags & MSG_ERROR)) {
		assert_int_equal(reply->header.flags, MSG_TYPE_REPLY);
		assert_int_equal(reply->header.error, 0);
		return 0;
	}
	assert_int_equal(reply->header.flags, MSG_TYPE_REPLY | MSG_ERROR);
	assert_int_equal(reply->len, 0);
	assert_int_not_equal(reply->header.error, 0);
	return reply->header.error;
}

u32 bed_call(struct bed *bed, u32 cmd, const void *body, u32 len,
	     struct bed_reply *reply)
{
	return bed_call_fds(bed, cmd, body, len, NULL, 0, reply);
}

bool bed_is_closed(struct bed *bed)
{
	char byte;
	ssize_t n;

	bed_pump(bed);
	n = recv(bed->fd, &byte, 1, MSG_DONTWAIT);
	return !n || (n < 0 && errno == ECONNRESET);
}

u32 bed_write(struct bed *bed, u32 region, u64 offset, const void *src,
	      u32 len)
{
	u8 body[sizeof(struct vfu_region_access) + VFU_MAX_XFER];
	struct vfu_region_access a = { offset, region, len };
	struct bed_reply reply;
	u32 err;

	memcpy(body, &a, sizeof(a));
	memcpy(body + sizeof(a), src, len);
	err = bed_call(bed, VFU_REGION_WRITE, body, sizeof(a) + len, &reply);
	if (!err) {
		assert_int_equal(reply.len, sizeof(a));
		assert_memory_equal(reply.body, &a, sizeof(a));
	}
	return err;
}

u32 bed_read(struct bed *bed, u32 region, u64 offset, void *dst, u32 len)
{
	struct vfu_region_access a = { offset, region, len };
	struct bed_reply reply;
	u32 err = bed_call(bed, VFU_REGION_READ, &a, sizeof(a), &reply);

	if (!err) {
		assert_int_equal(reply.len, sizeof(a) + len);
		assert_memory_equal(reply.body, &a, sizeof(a));
		memcpy(dst, reply.body + sizeof(a), len);
	}
	return err;
}

u32 bed_write32(struct bed *bed, u32 region, u64 offset, u32 value)
{
	return bed_write(bed, region, offset, &value, sizeof(value));
}

u32 bed_read32(struct bed *bed, u32 region, u64 offset)
{
	u32 value;

	assert_int_equal(bed_read(bed, region, offset, &value, sizeof(value)),
			 0);
	return value;
}

u32 bed_map(struct bed *bed, u64 iova, u64 size, u64 offset, u32 prot, int fd)
{
	struct vfu_dma_map map = {
		.argsz = sizeof(map),
		.flags = prot,
		.offset = offset,
		.iova = iova,
		.size = size,
	};

	return bed_call_fds(bed, VFU_DMA_MAP, &map, sizeof(map), &fd, fd >= 0,
			    NULL);
}

u32 bed_unmap(struct bed *bed, u64 iova, u64 size)
{
	struct vfu_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = size,
	};

	return bed_call(bed, VFU_DMA_UNMAP, &unmap, sizeof(unmap), NULL);
}

int bed_memory(u64 size)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	return fd;
}

void bed_bus_master(struct bed *bed, bool on)
{
	u16 command = on ? PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER : 0;

	assert_int_equal(bed_write(bed, BED_CONFIG, PCI_COMMAND, &command,
				   sizeof(command)), 0);
}
