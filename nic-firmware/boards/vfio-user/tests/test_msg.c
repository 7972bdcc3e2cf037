// SPDX-License-Identifier: GPL-2.0-only
/* The stream: cut anywhere, sizes that lie, descriptors in wrong places. */
#include "bed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static const u8 info_body[16] = { 16 };

static void a_message_may_come_in_pieces(void **state)
{
	struct bed *bed = *state;
	struct msg_header h = {
		.id = 77,
		.cmd = VFU_DEVICE_GET_INFO,
		.size = sizeof(h) + sizeof(info_body),
	};
	u8 bytes[sizeof(h) + sizeof(info_body)];
	struct bed_reply r;
	size_t i;

	memcpy(bytes, &h, sizeof(h));
	memcpy(bytes + sizeof(h), info_body, sizeof(info_body));
	for (i = 0; i < sizeof(bytes); i++) {
		assert_false(bed_receive(bed, &r));
		bed_send_raw(bed, bytes + i, 1, NULL, 0);
	}
	assert_true(bed_receive(bed, &r));
	assert_int_equal(r.header.id, 77);
	assert_int_equal(r.len, 16);
}

static void many_messages_may_come_at_once(void **state)
{
	struct bed *bed = *state;
	u8 bytes[300 * 32];
	struct bed_reply r;
	int i;

	for (i = 0; i < 300; i++) {
		struct msg_header h = {
			.id = (u16)i,
			.cmd = VFU_DEVICE_GET_INFO,
			.size = 32,
		};

		memcpy(bytes + i * 32, &h, sizeof(h));
		memcpy(bytes + i * 32 + 16, info_body, 16);
	}
	bed_send_raw(bed, bytes, sizeof(bytes), NULL, 0);
	for (i = 0; i < 300; i++) {
		assert_true(bed_receive(bed, &r));
		assert_int_equal(r.header.id, i);
	}
}

static void bad_size(struct bed *bed, u32 size)
{
	struct msg_header h = { .cmd = VFU_DEVICE_GET_INFO, .size = size };

	bed_send_raw(bed, &h, sizeof(h), NULL, 0);
	assert_true(bed_is_closed(bed));
	assert_int_equal(bed->d->counts.dropped, 1);
}

static void drops_a_size_below_the_header(void **state)
{
	bad_size(*state, sizeof(struct msg_header) - 1);
}

static void drops_a_size_of_zero(void **state)
{
	bad_size(*state, 0);
}

static void drops_a_size_above_the_limit(void **state)
{
	bad_size(*state, MSG_MAX_BYTES + 1);
}

static void drops_an_enormous_size(void **state)
{
	bad_size(*state, 0xffffffffu);
}

static void drops_a_reply_to_nothing(void **state)
{
	struct bed *bed = *state;

	bed_send(bed, VFU_DMA_READ, MSG_TYPE_REPLY, NULL, 0, NULL, 0);
	assert_true(bed_is_closed(bed));
}

static void drops_an_unknown_type(void **state)
{
	struct bed *bed = *state;

	bed_send(bed, VFU_DEVICE_GET_INFO, 0x7, info_body, 16, NULL, 0);
	assert_true(bed_is_closed(bed));
}

static void answers_an_unknown_command(void **state)
{
	static const u32 cmds[] = {
		0, VFU_DEVICE_GET_REGION_IO_FDS, VFU_DMA_READ, VFU_DMA_WRITE,
		VFU_DIRTY_PAGES, 16, 17, 18, 31, 32, 255, 0xffff,
	};
	struct bed *bed = *state;
	u8 body[64] = { 0 };
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(cmds); i++)
		assert_int_equal(bed_call(bed, cmds[i], body, i, NULL),
				 ENOTSUP);
	assert_int_equal(bed_call(bed, VFU_DEVICE_GET_INFO, info_body, 16,
				  NULL), 0);
}

static void each_command_has_its_length(void **state)
{
	static const struct {
		u32 cmd, min, max;
	} sizes[] = {
		{ VFU_DMA_MAP, 32, 32 },
		{ VFU_DMA_UNMAP, 24, 24 },
		{ VFU_DEVICE_GET_INFO, 16, 16 },
		{ VFU_DEVICE_GET_REGION_INFO, 32, 32 },
		{ VFU_DEVICE_GET_IRQ_INFO, 16, 16 },
		{ VFU_DEVICE_SET_IRQS, 20, 22 },
		{ VFU_REGION_READ, 16, 16 },
		{ VFU_REGION_WRITE, 17, 16 + VFU_MAX_XFER },
		{ VFU_DEVICE_RESET, 0, 0 },
		{ VFU_REGION_WRITE_MULTI, 32, 8 + VFU_MAX_MULTI * 24 },
	};
	static const u8 body[MSG_MAX_BYTES];
	struct bed *bed = *state;
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(sizes); i++) {
		u32 len;

		for (len = 0; len < sizes[i].min; len++)
			assert_int_equal(bed_call(bed, sizes[i].cmd, body, len,
						  NULL), EINVAL);
		assert_int_equal(bed_call(bed, sizes[i].cmd, body,
					  sizes[i].max + 1, NULL), EINVAL);
	}
	assert_int_equal(bed->d->counts.resets, 0);
}

static void wrong_descriptors_are_refused_and_closed(void **state)
{
	struct bed *bed = *state;
	int fds[3], i, before;
	struct vfu_dma_map map = { .argsz = 32, .flags = 3, .size = 4096 };

	for (i = 0; i < 3; i++)
		fds[i] = bed_memory(4096);
	before = bed_count_fds();
	assert_int_equal(bed_call_fds(bed, VFU_DEVICE_GET_INFO, info_body, 16,
				      fds, 1, NULL), EINVAL);
	assert_int_equal(bed_call_fds(bed, VFU_DEVICE_RESET, NULL, 0, fds, 3,
				      NULL), EINVAL);
	assert_int_equal(bed_call_fds(bed, VFU_DMA_MAP, &map, sizeof(map), fds,
				      2, NULL), EINVAL);
	assert_int_equal(bed_call_fds(bed, 99, NULL, 0, fds, 3, NULL),
			 ENOTSUP);
	assert_int_equal(bed_count_fds(), before);
	assert_int_equal(bed->d->counts.resets, 0);
	for (i = 0; i < 3; i++)
		close(fds[i]);
}

static void too_many_descriptors_end_it(void **state)
{
	struct bed *bed = *state;
	int fds[MSG_MAX_FDS + 1], i, before = bed_count_fds();

	for (i = 0; i < MSG_MAX_FDS + 1; i++)
		fds[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
	bed_send(bed, VFU_DEVICE_GET_INFO, 0, info_body, 16, fds,
		 MSG_MAX_FDS + 1);
	for (i = 0; i < MSG_MAX_FDS + 1; i++)
		close(fds[i]);
	assert_true(bed_is_closed(bed));
	/* Its own connection is gone too. */
	assert_int_equal(bed_count_fds(), before - 1);
}

static void as_many_in_two_halves_end_it(void **state)
{
	struct bed *bed = *state;
	struct msg_header h = { .cmd = VFU_DEVICE_GET_INFO, .size = 32 };
	int fds[MSG_MAX_FDS], i, before = bed_count_fds();

	for (i = 0; i < MSG_MAX_FDS; i++)
		fds[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
	bed_send_raw(bed, &h, 8, fds, MSG_MAX_FDS);
	bed_send_raw(bed, (u8 *)&h + 8, 8, fds, MSG_MAX_FDS);
	for (i = 0; i < MSG_MAX_FDS; i++)
		close(fds[i]);
	assert_true(bed_is_closed(bed));
	assert_int_equal(bed_count_fds(), before - 1);
}

static void descriptors_with_the_body_end_it(void **state)
{
	struct bed *bed = *state;
	struct msg_header h = { .cmd = VFU_DEVICE_GET_INFO, .size = 32 };
	int fd = eventfd(0, EFD_CLOEXEC), before = bed_count_fds();

	bed_send_raw(bed, &h, sizeof(h), NULL, 0);
	bed_send_raw(bed, info_body, 16, &fd, 1);
	close(fd);
	assert_true(bed_is_closed(bed));
	assert_int_equal(bed_count_fds(), before - 2);
}

static void a_client_may_die_in_a_message(void **state)
{
	struct bed *bed = *state;
	struct msg_header h = { .cmd = VFU_DMA_MAP, .size = 48 };
	int fd = bed_memory(4096);

	bed_send_raw(bed, &h, sizeof(h), &fd, 1);
	bed_pump(bed);
	close(fd);
	close(bed->fd);
	bed_pump(bed);
	assert_int_equal(bed->d->conn.fd, -1);
	bed->fd = bed_connect(bed);
	bed_negotiate(bed);
}

/* It asks and asks: what we keep for it is bounded, and so is our patience. */
static void a_client_that_never_reads_is_dropped(void **state)
{
	struct bed *bed = *state;
	struct {
		struct msg_header h;
		struct vfu_region_access a;
	} m = {
		{ .cmd = VFU_REGION_READ, .size = sizeof(m) },
		{ .region = BED_BAR0, .count = VFU_MAX_XFER },
	};
	int i;

	for (i = 0; i < 10000 && bed->d->conn.fd >= 0; i++) {
		if (send(bed->fd, &m, sizeof(m), MSG_NOSIGNAL) < 0)
			assert_true(errno == EPIPE || errno == ECONNRESET);
		loop_once(bed->d, true);
	}
	assert_int_equal(bed->d->conn.fd, -1);
	assert_int_equal(bed->d->counts.dropped, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(a_message_may_come_in_pieces, bed_setup_ready),
		BED_TEST(many_messages_may_come_at_once, bed_setup_ready),
		BED_TEST(drops_a_size_below_the_header, bed_setup_ready),
		BED_TEST(drops_a_size_of_zero, bed_setup_ready),
		BED_TEST(drops_a_size_above_the_limit, bed_setup_ready),
		BED_TEST(drops_an_enormous_size, bed_setup_ready),
		BED_TEST(drops_a_reply_to_nothing, bed_setup_ready),
		BED_TEST(drops_an_unknown_type, bed_setup_ready),
		BED_TEST(answers_an_unknown_command, bed_setup_ready),
		BED_TEST(each_command_has_its_length, bed_setup_ready),
		BED_TEST(wrong_descriptors_are_refused_and_closed,
			 bed_setup_ready),
		BED_TEST(too_many_descriptors_end_it, bed_setup_ready),
		BED_TEST(as_many_in_two_halves_end_it, bed_setup_ready),
		BED_TEST(descriptors_with_the_body_end_it, bed_setup_ready),
		BED_TEST(a_client_may_die_in_a_message, bed_setup_ready),
		BED_TEST(a_client_that_never_reads_is_dropped,
			 bed_setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
