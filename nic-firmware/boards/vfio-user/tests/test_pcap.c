// SPDX-License-Identifier: GPL-2.0-only
/* The capture: its format, byte by byte, and when it is written out. */
#include "bed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "../clock.h"

static char path[32];

static int setup(void **state)
{
	struct pcap *pcap = test_calloc(1, sizeof(*pcap));
	int fd;

	snprintf(path, sizeof(path), "/tmp/nicd-pcap-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_true(pcap_open(pcap, path));
	*state = pcap;
	return 0;
}

static int teardown(void **state)
{
	struct pcap *pcap = *state;

	pcap_close(pcap);
	unlink(path);
	test_free(pcap);
	return 0;
}

static off_t file_size(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void frame(struct pcap *pcap, u32 len)
{
	static u8 bytes[PCAP_SNAPLEN + 100];
	struct iovec iov[2] = { { bytes, len / 2 }, { bytes, len - len / 2 } };

	memset(bytes, 0xab, sizeof(bytes));
	pcap_frame(pcap, iov, 2, len);
}

static void the_file_is_a_pcap(void **state)
{
	struct pcap *pcap = *state;
	u64 before = clock_wall_ns();
	struct {
		u32 magic;
		u16 major, minor;
		u32 zone, sigfigs, snaplen, link;
		u32 sec, nsec, captured, len;
		u8 bytes[64];
	} f;
	u64 at;
	int fd;

	static_assert(sizeof(f) == 24 + 16 + 64, "no holes");
	assert_int_equal(file_size(), 24);
	frame(pcap, 61);
	pcap_flush(pcap);
	assert_int_equal(file_size(), 24 + 16 + 61);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, &f, sizeof(f)), 24 + 16 + 61);
	close(fd);
	assert_int_equal(f.magic, 0xa1b23c4d);
	assert_int_equal(f.major, 2);
	assert_int_equal(f.minor, 4);
	assert_int_equal(f.link, 1);
	assert_int_equal(f.captured, 61);
	assert_int_equal(f.len, 61);
	assert_int_equal(f.bytes[0], 0xab);
	assert_int_equal(f.bytes[60], 0xab);
	at = (u64)f.sec * CLOCK_NS_PER_SEC + f.nsec;
	assert_true(at >= before && at <= clock_wall_ns());
}

static void it_is_written_out_each_second(void **state)
{
	struct pcap *pcap = *state;
	u64 now = clock_now_ns();

	frame(pcap, 60);
	pcap_tick(pcap, now);
	assert_int_equal(file_size(), 24);
	pcap_tick(pcap, now + CLOCK_NS_PER_SEC);
	assert_int_equal(file_size(), 24 + 16 + 60);
	/* And when it ends. */
	frame(pcap, 60);
	pcap_close(pcap);
	assert_int_equal(file_size(), 24 + 2 * (16 + 60));
	frame(pcap, 60);
	pcap_flush(pcap);
	assert_int_equal(file_size(), 24 + 2 * (16 + 60));
}

static void any_number_of_frames_fits(void **state)
{
	struct pcap *pcap = *state;
	off_t size = 24;
	int i;

	for (i = 0; i < 200; i++) {
		frame(pcap, 9018);
		size += 16 + 9018;
	}
	frame(pcap, PCAP_SNAPLEN + 100);
	size += 16 + PCAP_SNAPLEN;
	pcap_flush(pcap);
	assert_int_equal(file_size(), size);
}

static void a_full_disk_ends_the_capture(void **state)
{
	struct pcap *pcap = *state;

	close(pcap->fd);
	pcap->fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	frame(pcap, 60);
	pcap_flush(pcap);
	assert_int_equal(pcap->fd, -1);
	frame(pcap, 60);
	pcap_tick(pcap, ~0ull);
}

static void a_bad_path_is_refused(void **state)
{
	struct pcap other;

	(void)state;
	assert_false(pcap_open(&other, "/no/such/directory/file"));
	assert_int_equal(errno, ENOENT);
}

#define PCAP_TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PCAP_TEST(the_file_is_a_pcap),
		PCAP_TEST(it_is_written_out_each_second),
		PCAP_TEST(any_number_of_frames_fits),
		PCAP_TEST(a_full_disk_ends_the_capture),
		PCAP_TEST(a_bad_path_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
