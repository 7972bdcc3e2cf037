/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_MSG_H
#define NICD_MSG_H

#include "core/base/port.h"

#define MSG_MAX_BYTES		8192	/* header and body of one message */
#define MSG_MAX_FDS		16
#define MSG_OUT_BYTES		65536	/* replies that the client owes reading */

#define MSG_TYPE_MASK		0xf
#define MSG_TYPE_REQUEST	0x0
#define MSG_TYPE_REPLY		0x1
#define MSG_NO_REPLY		0x10
#define MSG_ERROR		0x20

/**
 * struct msg_header - start of each message, both ways, in native byte order
 * @id: returned in the reply
 * @cmd: enum vfu_cmd
 * @size: bytes, header included
 * @flags: MSG_*
 * @error: errno of a reply with MSG_ERROR
 */
struct msg_header {
	u16 id;
	u16 cmd;
	u32 size;
	u32 flags;
	u32 error;
};

static_assert(sizeof(struct msg_header) == 16, "the protocol's header");

/**
 * struct msg_conn - a client's connection
 * @fd: socket, non-blocking; -1: none
 * @have: bytes of @in that have arrived
 * @nfds: descriptors that came with it
 * @fds: these; -1 where one was taken over
 * @out_start: first byte of @out not sent
 * @out_end: end of what is to be sent
 * @in: a message, in whole or in part
 * @out: replies that the socket did not take yet
 */
struct msg_conn {
	int fd;
	u32 have;
	u32 nfds;
	int fds[MSG_MAX_FDS];
	u32 out_start;
	u32 out_end;
	union {
		struct msg_header header;
		u8 bytes[MSG_MAX_BYTES];
	} in;
	u8 out[MSG_OUT_BYTES];
};

/**
 * enum msg_result - of msg_receive()
 * @MSG_READY: a whole message is there
 * @MSG_AGAIN: wait for more
 * @MSG_CLOSED: the client closed the connection
 * @MSG_BAD: it cannot be a vfio-user stream
 */
enum msg_result {
	MSG_READY,
	MSG_AGAIN,
	MSG_CLOSED,
	MSG_BAD,
};

void msg_open(struct msg_conn *conn, int fd);
void msg_close(struct msg_conn *conn);
enum msg_result msg_receive(struct msg_conn *conn);
void msg_done(struct msg_conn *conn);
bool msg_send(struct msg_conn *conn, const struct msg_header *header,
	      const void *body);
bool msg_flush(struct msg_conn *conn);

static inline bool msg_wants_out(const struct msg_conn *conn)
{
	return conn->out_start != conn->out_end;
}

#endif /* NICD_MSG_H */
