// SPDX-License-Identifier: GPL-2.0-only
/*
 * What crossed the wire, both ways, as a pcap file with nanoseconds. Frames
 * are gathered in memory and written out once a second, so that a capture
 * costs the data path no system call per frame.
 */
#include "pcap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

#define PCAP_MAGIC_NS		0xa1b23c4du
#define PCAP_LINK_ETHERNET	1

struct pcap_file_header {
	u32 magic;
	u16 major;
	u16 minor;
	s32 zone;
	u32 sigfigs;
	u32 snaplen;
	u32 link;
};

struct pcap_frame_header {
	u32 sec;
	u32 nsec;
	u32 captured;
	u32 len;
};

static_assert(sizeof(struct pcap_file_header) == 24, "format of the file");
static_assert(sizeof(struct pcap_frame_header) == 16, "format of the file");

/**
 * pcap_open() - start a capture
 * @pcap: capture
 * @path: file, replaced; NULL: capture nothing
 *
 * Return: false if it cannot be written, with errno.
 */
bool pcap_open(struct pcap *pcap, const char *path)
{
	const struct pcap_file_header head = {
		.magic = PCAP_MAGIC_NS,
		.major = 2,
		.minor = 4,
		.snaplen = PCAP_SNAPLEN,
		.link = PCAP_LINK_ETHERNET,
	};

	pcap->fd = -1;
	pcap->used = 0;
	pcap->flushed = clock_now_ns();
	if (!path)
		return true;
	pcap->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (pcap->fd < 0)
		return false;
	memcpy(pcap->buffer, &head, sizeof(head));
	pcap->used = sizeof(head);
	pcap_flush(pcap);
	return true;
}

/**
 * pcap_flush() - write out what was gathered
 * @pcap: capture; ends if the file cannot take more
 */
void pcap_flush(struct pcap *pcap)
{
	u32 done = 0;

	if (pcap->fd < 0)
		return;
	while (done < pcap->used) {
		ssize_t n = write(pcap->fd, pcap->buffer + done,
				  pcap->used - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			log_error("the capture ends here: %s",
				  strerror(errno));
			close(pcap->fd);
			pcap->fd = -1;
			break;
		}
		done += (u32)n;
	}
	pcap->used = 0;
}

void pcap_close(struct pcap *pcap)
{
	pcap_flush(pcap);
	if (pcap->fd >= 0)
		close(pcap->fd);
	pcap->fd = -1;
}

/**
 * pcap_frame() - a frame crossed the wire
 * @pcap: capture
 * @iov: the frame
 * @count: pieces
 * @len: bytes of it, at most what @iov holds
 */
void pcap_frame(struct pcap *pcap, const struct iovec *iov, u32 count, u32 len)
{
	u64 now = clock_wall_ns();
	struct pcap_frame_header head = {
		.sec = (u32)(now / CLOCK_NS_PER_SEC),
		.nsec = (u32)(now % CLOCK_NS_PER_SEC),
		.captured = FW_MIN(len, (u32)PCAP_SNAPLEN),
		.len = len,
	};
	u32 i, n, left = head.captured;

	if (pcap->fd < 0)
		return;
	if (pcap->used + sizeof(head) + left > sizeof(pcap->buffer))
		pcap_flush(pcap);
	memcpy(pcap->buffer + pcap->used, &head, sizeof(head));
	pcap->used += sizeof(head);
	for (i = 0; i < count && left; i++) {
		n = FW_MIN(left, (u32)iov[i].iov_len);
		memcpy(pcap->buffer + pcap->used, iov[i].iov_base, n);
		pcap->used += n;
		left -= n;
	}
}

/**
 * pcap_tick() - write out what is older than a second
 * @pcap: capture
 * @now: monotonic, in ns
 */
void pcap_tick(struct pcap *pcap, u64 now)
{
	if (pcap->fd < 0 || now - pcap->flushed < CLOCK_NS_PER_SEC)
		return;
	pcap->flushed = now;
	pcap_flush(pcap);
}
