/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_WIRE_H
#define NICD_WIRE_H

#include <net/if.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "core/base/board.h"
#include "pcap.h"

#define WIRE_MAX_IOV		32
#define WIRE_TICK_NS		200000000ull	/* look at the link */
#define WIRE_STALL_NS		100000000ull	/* a full wire holds frames so long */

struct wire;
struct wire_merge;

/**
 * struct wire_ops - a kind of wire
 * @check: what is wrong with its name. Return: NULL if nothing is
 * @open: create it. Return: false after logging why
 * @tick: look after the link; called each WIRE_TICK_NS, and immediately when
 *	@wire.listen_fd can accept
 * @send: one frame. Return: -1 with errno if it was not
 * @flush: send what @send held back, if it may
 * @recv: one frame. Return: its length, more than @iov holds if it was cut,
 *	not above 0 if there is none
 * @close: leave nothing behind
 */
struct wire_ops {
	const char *(*check)(const char *arg);
	bool (*open)(struct wire *wire, const char *arg);
	void (*tick)(struct wire *wire);
	ssize_t (*send)(struct wire *wire, struct iovec *iov, u32 count);
	void (*flush)(struct wire *wire);
	ssize_t (*recv)(struct wire *wire, struct iovec *iov, u32 count);
	void (*close)(struct wire *wire);
};

/**
 * struct wire_tap - which interface the wire is, and how to find it again
 * @name: of the interface
 * @made: there was none, so it is made, the first time and each other time
 * @told: errno of the last failure, which is not logged twice in a row
 * @wait: ticks until the next look for an interface that was deleted
 * @pause: ticks between the next two looks
 */
struct wire_tap {
	char name[IFNAMSIZ];
	bool made;
	int told;
	u32 wait;
	u32 pause;
};

/**
 * struct wire - what carries frames
 * @ops: its kind; NULL: there is no wire
 * @fd: where frames go, -1: no link
 * @listen_fd: where the peer connects, -1: nowhere
 * @up: there is a link
 * @drained: the firmware took all frames that there were
 * @full_since: when the wire stopped taking frames, 0: it takes them
 * @next_tick: when to look at the link, monotonic, in ns
 * @pcap: capture
 * @tap: tap: the interface
 * @merge: tap-gso: frames that were not sent yet
 * @refused: unix: times that connecting to the path was refused
 * @addr: unix: the path
 * @self: unix: the listening socket's place in the file system
 * @tx_frames: frames sent
 * @tx_bytes: bytes of these
 * @tx_busy: times the wire was full
 * @tx_dropped: frames given up: no link, or full for too long
 * @rx_frames: frames received
 * @rx_bytes: bytes of these
 */
struct wire {
	const struct wire_ops *ops;
	int fd;
	int listen_fd;
	bool up;
	bool drained;
	u64 full_since;
	u64 next_tick;
	struct pcap *pcap;
	struct wire_tap tap;
	struct wire_merge *merge;
	u32 refused;
	struct sockaddr_un addr;
	struct stat self;
	u64 tx_frames;
	u64 tx_bytes;
	u64 tx_busy;
	u64 tx_dropped;
	u64 rx_frames;
	u64 rx_bytes;
};

extern const struct wire_ops wire_tap_ops;
extern const struct wire_ops wire_tap_gso_ops;
extern const struct wire_ops wire_unix_ops;

const char *wire_check(const char *spec);
bool wire_open(struct wire *wire, const char *spec, struct pcap *pcap);
void wire_close(struct wire *wire);
int wire_send(struct wire *wire, const struct fw_iov *iov, u32 count);
void wire_flush(struct wire *wire);
int wire_poll(struct wire *wire, const struct fw_iov *iov, u32 count);
void wire_set_up(struct wire *wire, bool up);
short wire_events(const struct wire *wire);
void wire_service(struct wire *wire, short events, short listen_events,
		  u64 now);
u64 wire_deadline(const struct wire *wire, u64 now);

#endif /* NICD_WIRE_H */
