// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TAP as the wire, in a network namespace of this process: it carries frames,
 * follows its interface, and outlives it.
 */
#include "bed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "../clock.h"

#define TAP			"nicdtest0"

/**
 * struct taps - wires on one TAP
 * @pcap: captures nothing
 * @a: the wire
 * @b: another, that should not get it
 */
struct taps {
	struct pcap pcap;
	struct wire a;
	struct wire b;
};

static bool alone;

/* Tests of other processes have the same names. */
static int own_namespace(void **state)
{
	(void)state;
	/* <sched.h> would be the firmware's. */
	alone = !syscall(SYS_unshare, CLONE_NEWNET);
	return 0;
}

static int setup(void **state)
{
	struct taps *t = calloc(1, sizeof(*t));

	pcap_open(&t->pcap, NULL);
	wire_open(&t->a, NULL, &t->pcap);
	wire_open(&t->b, NULL, &t->pcap);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct taps *t = *state;

	wire_close(&t->a);
	wire_close(&t->b);
	free(t);
	return 0;
}

static void need_taps(void)
{
	if (!alone || access("/dev/net/tun", R_OK | W_OK))
		skip();
}

static void set_interface_up(bool up)
{
	struct ifreq ifr = { .ifr_name = TAP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(ioctl(fd, SIOCGIFFLAGS, &ifr), 0);
	ifr.ifr_flags = (short)(up ? ifr.ifr_flags | IFF_UP :
				     ifr.ifr_flags & ~IFF_UP);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
	close(fd);
}

/* As `ip link del` does it */
static void delete_interface(void)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg info;
	} request = {
		.head = { .nlmsg_len = sizeof(request),
			  .nlmsg_type = RTM_DELLINK,
			  .nlmsg_flags = NLM_F_REQUEST },
		.info = { .ifi_index = (int)if_nametoindex(TAP) },
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	assert_int_not_equal(request.info.ifi_index, 0);
	assert_int_equal(send(fd, &request, sizeof(request), 0),
			 sizeof(request));
	close(fd);
	assert_int_equal(if_nametoindex(TAP), 0);
}

/* As `ip tuntap add` does it */
static void make_interface(short kind)
{
	struct ifreq ifr = { .ifr_name = TAP, .ifr_flags = kind };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	assert_int_equal(ioctl(fd, TUNSETIFF, &ifr), 0);
	assert_int_equal(ioctl(fd, TUNSETPERSIST, 1), 0);
	close(fd);
}

/* Frames go out; and come in: the kernel has things to say to a new link. */
static void expect_frames(struct wire *wire)
{
	u8 frame[128] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,
			  1, 0x88, 0xb5 };
	struct fw_iov out = { frame, 64 }, in = { frame, 20 };
	int i, n = 0;

	assert_int_equal(wire_send(wire, &out, 1), FW_OK);
	/* What the kernel sends is longer than 20 bytes, and is cut. */
	for (i = 0; i < 200 && !n; i++) {
		n = wire_poll(wire, &in, 1);
		usleep(10000);
	}
	assert_int_equal(n, 21);
}

static void a_tap_carries_frames(void **state)
{
	struct taps *t = *state;
	u8 frame[64] = { 0 };
	struct fw_iov out = { frame, sizeof(frame) };

	need_taps();
	assert_true(wire_open(&t->a, "tap:" TAP, &t->pcap));
	assert_false(t->a.up);
	set_interface_up(true);
	bed_tick(&t->a, 1);
	assert_true(t->a.up);
	expect_frames(&t->a);
	set_interface_up(false);
	bed_tick(&t->a, 1);
	assert_false(t->a.up);
	assert_int_equal(wire_send(&t->a, &out, 1), FW_ENOENT);
}

static void a_used_tap_is_refused(void **state)
{
	struct taps *t = *state;

	need_taps();
	assert_true(wire_open(&t->a, "tap:" TAP, &t->pcap));
	assert_false(wire_open(&t->b, "tap:" TAP, &t->pcap));
	wire_close(&t->b);
	/* An interface that is not a TAP */
	assert_false(wire_open(&t->b, "tap:lo", &t->pcap));
}

static void a_tap_it_made_is_made_again(void **state)
{
	struct taps *t = *state;
	u32 round;

	need_taps();
	assert_true(wire_open(&t->a, "tap:" TAP, &t->pcap));
	for (round = 0; round < 3; round++) {
		set_interface_up(true);
		bed_tick(&t->a, 1);
		assert_true(t->a.up);
		expect_frames(&t->a);
		delete_interface();
		bed_tick(&t->a, 1);
		assert_false(t->a.up);
		assert_int_equal(t->a.fd, -1);
		assert_int_equal(wire_events(&t->a), 0);
		bed_tick(&t->a, 1);
		assert_int_not_equal(if_nametoindex(TAP), 0);
		assert_false(t->a.up);
	}
}

/* Who made it is going to make it again, and would find the name taken. */
static void a_tap_it_found_is_waited_for(void **state)
{
	struct taps *t = *state;

	need_taps();
	make_interface(IFF_TAP | IFF_NO_PI);
	assert_true(wire_open(&t->a, "tap:" TAP, &t->pcap));
	delete_interface();
	bed_tick(&t->a, 200);
	assert_int_equal(t->a.fd, -1);
	assert_int_equal(if_nametoindex(TAP), 0);
	make_interface(IFF_TAP | IFF_NO_PI);
	set_interface_up(true);
	/* Five seconds and no longer */
	bed_tick(&t->a, 26);
	assert_true(t->a.up);
	expect_frames(&t->a);
	delete_interface();
}

/* It looks less and less often, and as often as at first the next time. */
static void it_looks_less_and_less_often(void **state)
{
	static const u32 pauses[] = { 1, 2, 4, 8, 16, 25, 25 };
	struct taps *t = *state;
	u32 i;

	need_taps();
	make_interface(IFF_TAP | IFF_NO_PI);
	assert_true(wire_open(&t->a, "tap:" TAP, &t->pcap));
	delete_interface();
	bed_tick(&t->a, 1);
	for (i = 0; i < FW_ARRAY_SIZE(pauses); i++) {
		bed_tick(&t->a, 1);
		assert_int_equal(t->a.tap.wait, pauses[i]);
		bed_tick(&t->a, pauses[i]);
		assert_int_equal(t->a.tap.wait, 0);
	}
	/* The loop sleeps between two ticks. */
	assert_true(wire_deadline(&t->a, clock_now_ns()) > clock_now_ns());
	make_interface(IFF_TAP | IFF_NO_PI);
	bed_tick(&t->a, 1);
	assert_int_not_equal(t->a.fd, -1);
	delete_interface();
	bed_tick(&t->a, 2);
	assert_int_equal(t->a.tap.wait, 1);
}

/* What has its name meanwhile may be anything, and may go again. */
static void another_of_its_name_is_left_alone(void **state)
{
	struct taps *t = *state;

	need_taps();
	assert_true(wire_open(&t->a, "tap:" TAP, &t->pcap));
	delete_interface();
	make_interface(IFF_TUN | IFF_NO_PI);
	bed_tick(&t->a, 60);
	assert_int_equal(t->a.fd, -1);
	assert_int_equal(t->a.tap.told, EINVAL);
	delete_interface();
	bed_tick(&t->a, 26);
	assert_int_not_equal(t->a.fd, -1);
	assert_int_equal(t->a.tap.told, 0);
}

/* The header that tap-gso has must be there again: frames cross. */
static void a_tap_for_segments_comes_back_as_one(void **state)
{
	struct taps *t = *state;

	need_taps();
	assert_true(wire_open(&t->a, "tap-gso:" TAP, &t->pcap));
	delete_interface();
	bed_tick(&t->a, 2);
	assert_int_not_equal(if_nametoindex(TAP), 0);
	set_interface_up(true);
	bed_tick(&t->a, 1);
	assert_true(t->a.up);
	expect_frames(&t->a);
}

#define TAP_TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TAP_TEST(a_tap_carries_frames),
		TAP_TEST(a_used_tap_is_refused),
		TAP_TEST(a_tap_it_made_is_made_again),
		TAP_TEST(a_tap_it_found_is_waited_for),
		TAP_TEST(it_looks_less_and_less_often),
		TAP_TEST(another_of_its_name_is_left_alone),
		TAP_TEST(a_tap_for_segments_comes_back_as_one),
	};

	return cmocka_run_group_tests(tests, own_namespace, NULL);
}
