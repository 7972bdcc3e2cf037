/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_PCAP_H
#define NICD_PCAP_H

#include <sys/uio.h>

#include "core/base/port.h"

#define PCAP_BUFFER		(256 * 1024)
#define PCAP_SNAPLEN		65535

/**
 * struct pcap - a capture of the wire
 * @fd: file, -1: no capture
 * @used: bytes in @buffer
 * @flushed: when it was last written out, in ns
 * @buffer: not yet in the file
 */
struct pcap {
	int fd;
	u32 used;
	u64 flushed;
	u8 buffer[PCAP_BUFFER];
};

bool pcap_open(struct pcap *pcap, const char *path);
void pcap_close(struct pcap *pcap);
void pcap_frame(struct pcap *pcap, const struct iovec *iov, u32 count,
		u32 len);
void pcap_flush(struct pcap *pcap);
void pcap_tick(struct pcap *pcap, u64 now);

#endif /* NICD_PCAP_H */
