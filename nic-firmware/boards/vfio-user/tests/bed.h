/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server in this process and a client that says what it likes. Neither has
 * a thread: the client sends, the server's loop goes round, the client looks
 * what came back.
 */
#ifndef BED_H
#define BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../vfu.h"

#define BED_MAX_FDS		32

/**
 * struct bed - server and client
 * @d: server
 * @dir: made for this test
 * @path: of the server's socket
 * @fd: the client's end
 * @id: of its last message
 * @open_fds: how many descriptors were open before the test
 */
struct bed {
	struct nicd *d;
	char dir[32];
	char path[64];
	int fd;
	u16 id;
	int open_fds;
};

/**
 * struct bed_reply - what came back
 * @header: of the message
 * @body: the rest
 * @len: bytes of it
 */
struct bed_reply {
	struct msg_header header;
	u8 body[MSG_MAX_BYTES];
	u32 len;
};

/* Fixtures: a server; one with a client; one whose client told its version */
int bed_setup(void **state);
int bed_setup_connected(void **state);
int bed_setup_ready(void **state);
int bed_teardown(void **state);

void bed_pump(struct bed *bed);
int bed_connect(struct bed *bed);
void bed_negotiate(struct bed *bed);
void bed_send_raw(struct bed *bed, const void *bytes, size_t len,
		  const int *fds, u32 nfds);
void bed_send(struct bed *bed, u32 cmd, u32 flags, const void *body, u32 len,
	      const int *fds, u32 nfds);
bool bed_receive(struct bed *bed, struct bed_reply *reply);
u32 bed_call_fds(struct bed *bed, u32 cmd, const void *body, u32 len,
		 const int *fds, u32 nfds, struct bed_reply *reply);
u32 bed_call(struct bed *bed, u32 cmd, const void *body, u32 len,
	     struct bed_reply *reply);
bool bed_is_closed(struct bed *bed);
int bed_count_fds(void);
void bed_tick(struct wire *wire, u32 times);

/* Requests that tests make often. Return: errno or 0 */
u32 bed_write(struct bed *bed, u32 region, u64 offset, const void *src,
	      u32 len);
u32 bed_read(struct bed *bed, u32 region, u64 offset, void *dst, u32 len);
u32 bed_write32(struct bed *bed, u32 region, u64 offset, u32 value);
u32 bed_read32(struct bed *bed, u32 region, u64 offset);
u32 bed_map(struct bed *bed, u64 iova, u64 size, u64 offset, u32 prot, int fd);
u32 bed_unmap(struct bed *bed, u64 iova, u64 size);
int bed_memory(u64 size);
void bed_bus_master(struct bed *bed, bool on);

#define BED_BAR0		0
#define BED_BAR2		2
#define BED_CONFIG		7

#define BED_TEST(name, fixture) \
	cmocka_unit_test_setup_teardown(name, fixture, bed_teardown)

#endif /* BED_H */
