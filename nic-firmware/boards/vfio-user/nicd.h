/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vfio-user board: a PCI function whose client is QEMU.
 *
 * Theory of operation. One thread waits for the client's socket, the wire and
 * the firmware's next timer. When it wakes up, it handles the messages that
 * there are, then lets the firmware take turns for a short while, and looks
 * again. So nothing here needs a lock: a message is handled between two turns
 * of the firmware, and no DMA is in flight while one is.
 *
 *	server.c	accepts clients, one at a time
 *	msg.c		cuts the stream into messages with descriptors
 *	vfu.c		checks a message against a table and hands it on
 *	region.c	BARs and configuration space
 *	sram.c config_space.c dma.c irq.c	the parts of the function
 *	wire*.c pcap.c	the other side
 *	board.c		all this as the firmware's board; reset
 *	loop.c		the one thread
 */
#ifndef NICD_H
#define NICD_H

#include "config_space.h"
#include "core/nic.h"
#include "dma.h"
#include "irq.h"
#include "msg.h"
#include "options.h"
#include "pcap.h"
#include "sram.h"
#include "wire.h"

/**
 * struct nicd_counts - of the client's doing
 * @messages: handled, by command; the last one stands for all unknown ones
 * @errors: answered with an error
 * @posted: that wanted no reply
 * @posted_errors: of these, refused
 * @multi_writes: writes that came in REGION_WRITE_MULTI
 * @clients: connections taken
 * @refused: connections refused, because there was a client
 * @dropped: connections ended because of what the client sent
 * @resets: of the function, by message or configuration write
 */
struct nicd_counts {
	u64 messages[32];
	u64 errors;
	u64 posted;
	u64 posted_errors;
	u64 multi_writes;
	u64 clients;
	u64 refused;
	u64 dropped;
	u64 resets;
};

/**
 * struct nicd - the process
 * @opt: command line
 * @nic: the firmware
 * @sram: BAR0
 * @cs: configuration space
 * @msix: BAR2: the table that the host reads back; vectors are in @irq
 * @dma: bus address space
 * @irq: MSI-X vectors
 * @wire: where frames go
 * @pcap: capture of it
 * @listen_fd: where clients connect
 * @conn: the client
 * @negotiated: it sent its version
 * @extra_fd: a second client that is to be refused, or -1
 * @extra_until: how long it has to say what it wants, monotonic, in ns
 * @counts: statistics
 */
struct nicd {
	struct options opt;
	struct fw_nic *nic;
	struct sram sram;
	struct config_space cs;
	u8 msix[CDNA_NR_VECTORS * 16];
	struct dma dma;
	struct irq irq;
	struct wire wire;
	struct pcap pcap;
	int listen_fd;
	struct msg_conn conn;
	bool negotiated;
	int extra_fd;
	u64 extra_until;
	struct nicd_counts counts;
};

/* board.c */
bool board_init(struct nicd *d);
void board_fini(struct nicd *d);
void board_reset(struct nicd *d);
void board_command_changed(struct nicd *d);

/* region.c */
u64 region_size(u32 region);
int region_read(struct nicd *d, u32 region, u64 offset, u8 *dst, u32 len);
int region_write(struct nicd *d, u32 region, u64 offset, const u8 *src,
		 u32 len);

/* server.c */
bool server_open(struct nicd *d);
void server_close(struct nicd *d);
void server_accept(struct nicd *d);
void server_extra(struct nicd *d, u64 now);
bool server_service(struct nicd *d, u32 budget);
void server_drop(struct nicd *d, const char *why);

/* loop.c */
bool loop_init(void);
bool loop_once(struct nicd *d, bool busy);
void loop_run(struct nicd *d);

/* counters.c */
void counters_print(const struct nicd *d);

#endif /* NICD_H */
