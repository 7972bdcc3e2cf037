// SPDX-License-Identifier: GPL-2.0-only
/* The wire: two ends over a UNIX socket, hostile and absent peers, names. */
#include "bed.h"

#include <poll.h>
#include <sys/socket.h>

#include "../clock.h"

/**
 * struct link - two wires
 * @dir: made for this test
 * @spec: of both
 * @path: of their socket
 * @pcap: captures nothing
 * @a: one end
 * @b: the other
 */
struct link {
	char dir[32];
	char spec[64];
	const char *path;
	struct pcap pcap;
	struct wire a;
	struct wire b;
};

static int setup(void **state)
{
	struct link *link = test_calloc(1, sizeof(*link));

	snprintf(link->dir, sizeof(link->dir), "/tmp/nicd-wire-XXXXXX");
	assert_non_null(mkdtemp(link->dir));
	snprintf(link->spec, sizeof(link->spec), "unix:%s/w", link->dir);
	link->path = link->spec + 5;
	pcap_open(&link->pcap, NULL);
	wire_open(&link->a, NULL, &link->pcap);
	wire_open(&link->b, NULL, &link->pcap);
	*state = link;
	return 0;
}

static int setup_linked(void **state)
{
	struct link *link;

	setup(state);
	link = *state;
	assert_true(wire_open(&link->a, link->spec, &link->pcap));
	assert_true(wire_open(&link->b, link->spec, &link->pcap));
	wire_service(&link->a, 0, POLLIN, 0);
	assert_true(link->a.up);
	assert_true(link->b.up);
	return 0;
}

static int teardown(void **state)
{
	struct link *link = *state;

	wire_close(&link->a);
	wire_close(&link->b);
	/* Neither leaves its socket behind. */
	assert_int_equal(rmdir(link->dir), 0);
	test_free(link);
	return 0;
}

static int send_text(struct wire *wire, const char *text)
{
	struct fw_iov iov = { (u8 *)(uintptr_t)text, (u32)strlen(text) + 1 };

	return wire_send(wire, &iov, 1);
}

static void frames_cross_both_ways(void **state)
{
	struct link *link = *state;
	u8 head[4], rest[60];
	struct fw_iov out[2] = { { (u8 *)"he", 2 }, { (u8 *)"llo", 4 } };
	struct fw_iov in[2] = { { head, 4 }, { rest, 60 } };

	assert_int_equal(wire_send(&link->a, out, 2), FW_OK);
	assert_int_equal(wire_poll(&link->b, in, 2), 6);
	assert_memory_equal(head, "hell", 4);
	assert_string_equal((char *)rest, "o");
	assert_int_equal(wire_poll(&link->b, in, 2), 0);
	assert_int_equal(send_text(&link->b, "back"), FW_OK);
	assert_int_equal(wire_poll(&link->a, in, 2), 5);
	assert_int_equal(link->a.tx_frames, 1);
	assert_int_equal(link->a.tx_bytes, 6);
	assert_int_equal(link->a.rx_frames, 1);
}

static void a_long_frame_is_told(void **state)
{
	struct link *link = *state;
	static u8 big[9018];
	u8 small[100];
	struct fw_iov out = { big, sizeof(big) }, in = { small, 100 };

	assert_int_equal(wire_send(&link->a, &out, 1), FW_OK);
	assert_int_equal(wire_poll(&link->b, &in, 1), sizeof(big));
	assert_int_equal(wire_poll(&link->b, &in, 1), 0);
}

static void a_frame_with_no_peer_is_lost(void **state)
{
	struct link *link = *state;

	assert_int_equal(send_text(&link->a, "x"), FW_ENOENT);
	assert_true(wire_open(&link->a, link->spec, &link->pcap));
	assert_false(link->a.up);
	assert_int_equal(send_text(&link->a, "x"), FW_ENOENT);
	assert_int_equal(wire_events(&link->a), 0);
}

static void either_end_may_restart(void **state)
{
	struct link *link = *state;
	int i;

	for (i = 0; i < 6; i++) {
		struct wire *gone = i % 2 ? &link->a : &link->b;
		struct wire *left = i % 2 ? &link->b : &link->a;

		wire_close(gone);
		wire_service(left, POLLHUP, 0, 0);
		assert_false(left->up);
		assert_true(wire_open(gone, link->spec, &link->pcap));
		bed_tick(left, 2);
		bed_tick(gone, 2);
		assert_true(left->up);
		assert_true(gone->up);
		assert_int_equal(send_text(left, "x"), FW_OK);
	}
}

/* What a process leaves that was killed: a socket that nobody listens on */
static void a_dead_path_is_replaced(void **state)
{
	struct link *link = *state;

	assert_true(wire_open(&link->a, link->spec, &link->pcap));
	close(link->a.listen_fd);
	link->a.listen_fd = -1;
	link->a.ops = NULL;
	assert_true(wire_open(&link->b, link->spec, &link->pcap));
	bed_tick(&link->b, 5);
	assert_true(wire_open(&link->a, link->spec, &link->pcap));
	bed_tick(&link->b, 1);
	assert_true(link->a.up);
	assert_true(link->b.up);
}

/* Both replaced it at the same time: one listens where nobody finds it. */
static void who_lost_the_path_connects(void **state)
{
	struct link *link = *state;

	assert_true(wire_open(&link->a, link->spec, &link->pcap));
	assert_int_equal(unlink(link->path), 0);
	assert_true(wire_open(&link->b, link->spec, &link->pcap));
	assert_false(link->b.up);
	bed_tick(&link->a, 1);
	bed_tick(&link->b, 1);
	assert_true(link->a.up);
	assert_true(link->b.up);
}

static void a_third_end_is_sent_away(void **state)
{
	struct link *link = *state;
	struct wire c;

	assert_true(wire_open(&c, link->spec, &link->pcap));
	bed_tick(&link->a, 1);
	assert_int_not_equal(send_text(&c, "x"), FW_OK);
	assert_false(c.up);
	assert_true(link->a.up);
	assert_int_equal(send_text(&link->a, "x"), FW_OK);
	wire_close(&c);
}

static void an_empty_packet_is_the_end(void **state)
{
	struct link *link = *state;
	u8 byte;
	struct fw_iov in = { &byte, 1 };

	assert_int_equal(send(link->b.fd, "", 0, 0), 0);
	assert_int_equal(wire_poll(&link->a, &in, 1), 0);
	assert_false(link->a.up);
}

static void descriptors_of_a_peer_are_not_kept(void **state)
{
	struct link *link = *state;
	struct bed bed = { .fd = link->b.fd };
	u8 byte;
	struct fw_iov in = { &byte, 1 };
	int fds[2] = { 0, 1 }, before = bed_count_fds();

	bed_send_raw(&bed, "x", 1, fds, 2);
	assert_int_equal(wire_poll(&link->a, &in, 1), 1);
	assert_int_equal(bed_count_fds(), before);
}

static void a_peer_that_does_not_read_holds_for_a_while(void **state)
{
	struct link *link = *state;
	static u8 frame[1514];
	struct fw_iov out = { frame, sizeof(frame) };
	int ret, i;

	for (i = 0; i < 100000; i++) {
		ret = wire_send(&link->a, &out, 1);
		if (ret != FW_OK)
			break;
	}
	assert_int_equal(ret, FW_EBUSY);
	assert_true(wire_events(&link->a) & POLLOUT);
	assert_true(wire_deadline(&link->a, clock_now_ns()) <=
		    clock_now_ns() + WIRE_STALL_NS);
	/* As if that time had gone by */
	link->a.full_since -= WIRE_STALL_NS;
	assert_int_equal(wire_send(&link->a, &out, 1), FW_EINVAL);
	assert_int_equal(link->a.tx_dropped, 1);
	/* It does not keep the loop awake. */
	link->a.next_tick = ~0ull;
	assert_int_equal(wire_deadline(&link->a, clock_now_ns()), ~0ull);

	for (; i > 0; i--)
		wire_poll(&link->b, &out, 1);
	wire_service(&link->a, POLLOUT, 0, 0);
	assert_int_equal(wire_send(&link->a, &out, 1), FW_OK);
	assert_false(wire_events(&link->a) & POLLOUT);
}

/* Frames that the firmware leaves must not keep the loop awake. */
static void frames_left_behind_do_not_wake(void **state)
{
	struct link *link = *state;
	u8 byte;
	struct fw_iov in = { &byte, 1 };

	assert_true(wire_events(&link->a) & POLLIN);
	assert_int_equal(send_text(&link->b, "x"), FW_OK);
	wire_service(&link->a, POLLIN, 0, 0);
	assert_false(wire_events(&link->a) & POLLIN);
	assert_int_equal(wire_poll(&link->a, &in, 1), 2);
	assert_false(wire_events(&link->a) & POLLIN);
	assert_int_equal(wire_poll(&link->a, &in, 1), 0);
	assert_true(wire_events(&link->a) & POLLIN);
}

static void too_many_pieces_are_refused(void **state)
{
	struct link *link = *state;
	struct fw_iov iov[WIRE_MAX_IOV + 1];
	u8 byte = 0;
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(iov); i++)
		iov[i] = (struct fw_iov){ &byte, 1 };
	assert_true(wire_send(&link->a, iov, WIRE_MAX_IOV + 1) < 0);
	assert_int_equal(wire_send(&link->a, iov, WIRE_MAX_IOV), FW_OK);
	assert_int_equal(wire_poll(&link->b, iov, WIRE_MAX_IOV + 1), 0);
	assert_int_equal(wire_poll(&link->b, iov, WIRE_MAX_IOV), WIRE_MAX_IOV);
}

static void bad_names_are_refused(void **state)
{
	static const char * const bad[] = {
		"", "tap", "tap:", "tap:0123456789abcdef", "tap:a/b", "tap:a b",
		"tap:t%d", "tap:..", "unix:", "udp:1", "TAP:x",
	};
	char path[128];
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(bad); i++)
		assert_non_null(wire_check(bad[i]));
	memset(path, 'a', sizeof(path));
	memcpy(path, "unix:", 5);
	path[5 + 108] = '\0';
	assert_non_null(wire_check(path));
	path[5 + 107] = '\0';
	assert_null(wire_check(path));
	assert_null(wire_check("tap:0123456789abcde"));
}

#define LINK_TEST(name, fixture) \
	cmocka_unit_test_setup_teardown(name, fixture, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LINK_TEST(frames_cross_both_ways, setup_linked),
		LINK_TEST(a_long_frame_is_told, setup_linked),
		LINK_TEST(a_frame_with_no_peer_is_lost, setup),
		LINK_TEST(either_end_may_restart, setup_linked),
		LINK_TEST(a_dead_path_is_replaced, setup),
		LINK_TEST(who_lost_the_path_connects, setup),
		LINK_TEST(a_third_end_is_sent_away, setup_linked),
		LINK_TEST(an_empty_packet_is_the_end, setup_linked),
		LINK_TEST(descriptors_of_a_peer_are_not_kept, setup_linked),
		LINK_TEST(a_peer_that_does_not_read_holds_for_a_while,
			  setup_linked),
		LINK_TEST(frames_left_behind_do_not_wake, setup_linked),
		LINK_TEST(too_many_pieces_are_refused, setup_linked),
		LINK_TEST(bad_names_are_refused, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
