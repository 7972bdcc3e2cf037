// SPDX-License-Identifier: GPL-2.0-only
/* Clients that come, leave, come back, or are one too many. */
#include "bed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

static void a_client_leaves_nothing_behind(void **state)
{
	struct bed *bed = *state;
	struct vfu_irq_set s = {
		sizeof(s), VFIO_IRQ_SET_DATA_EVENTFD |
		VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1,
	};
	int fd = bed_memory(4096), irq = eventfd(0, EFD_CLOEXEC);
	int before = bed_count_fds();

	assert_int_equal(bed_map(bed, 0, 4096, 0, 3, fd), 0);
	assert_int_equal(bed_call_fds(bed, VFU_DEVICE_SET_IRQS, &s, sizeof(s),
				      &irq, 1, NULL), 0);
	bed_bus_master(bed, true);
	bed_write32(bed, BED_BAR0, CDNA_PARTITION(1) + 0x800, 5);
	bed_write32(bed, BED_CONFIG, PCI_BASE_ADDRESS_0, 0xfe000000);

	close(bed->fd);
	bed_pump(bed);
	assert_int_equal(bed->d->conn.fd, -1);
	assert_int_equal(bed->d->dma.count, 0);
	assert_int_equal(bed->d->irq.fd[0], -1);
	assert_false(bed->d->dma.open);

	bed->fd = bed_connect(bed);
	assert_int_equal(bed_count_fds(), before);
	assert_int_equal(bed_map(bed, 0, 4096, 0, 3, fd), EINVAL);
	bed_negotiate(bed);
	assert_int_equal(bed_read32(bed, BED_BAR0, CDNA_PARTITION(1) + 0x800),
			 0);
	assert_int_equal(bed_read32(bed, BED_CONFIG, PCI_BASE_ADDRESS_0), 0);
	assert_int_equal(bed_map(bed, 0, 4096, 0, 3, fd), 0);
	close(fd);
	close(irq);
}

static void clients_come_and_go(void **state)
{
	struct bed *bed = *state;
	int i;

	for (i = 0; i < 100; i++) {
		bed->fd = bed_connect(bed);
		if (i % 3)
			bed_negotiate(bed);
		close(bed->fd);
	}
	bed_pump(bed);
	bed->fd = -1;
	assert_int_equal(bed->d->counts.clients, 100);
	assert_int_equal(bed->d->counts.dropped, 0);
}

static void a_second_client_is_told(void **state)
{
	struct bed *bed = *state;
	int first = bed->fd;
	u8 body[4] = { 0 };

	bed->fd = bed_connect(bed);
	assert_int_equal(bed_call(bed, VFU_VERSION, body, 4, NULL), EBUSY);
	assert_true(bed_is_closed(bed));
	close(bed->fd);
	assert_int_equal(bed->d->counts.refused, 1);

	/* The first one did not notice. */
	bed->fd = first;
	assert_int_equal(bed_call(bed, VFU_DEVICE_RESET, NULL, 0, NULL), 0);
}

static void a_silent_second_client_is_sent_away(void **state)
{
	struct bed *bed = *state;
	int first = bed->fd, third;

	bed->fd = bed_connect(bed);
	assert_false(bed_is_closed(bed));
	/* The place for those that are refused is taken. */
	third = bed_connect(bed);
	close(third);
	bed->d->extra_until = 0;
	assert_true(bed_is_closed(bed));
	assert_int_equal(bed->d->counts.refused, 2);
	close(bed->fd);
	bed->fd = first;
	assert_int_equal(bed_call(bed, VFU_DEVICE_RESET, NULL, 0, NULL), 0);
}

/* QEMU is started again: the old one's end and the new one's start together */
static void the_next_client_follows_at_once(void **state)
{
	struct bed *bed = *state;
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memcpy(addr.sun_path, bed->path, strlen(bed->path));
	close(bed->fd);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)),
			 0);
	bed->fd = fd;
	bed_negotiate(bed);
	assert_int_equal(bed->d->counts.refused, 0);
}

static void reset_is_as_after_power_on(void **state)
{
	struct bed *bed = *state;
	u8 before[4096], after[4096];
	int fd = bed_memory(4096);

	bed_read(bed, BED_BAR0, CDNA_REGISTER_PAGE, before, 4096);
	assert_int_equal(bed_map(bed, 0, 4096, 0, 3, fd), 0);
	bed_bus_master(bed, true);
	bed_write32(bed, BED_BAR0, CDNA_MBOX_OFFSET(2), 5);
	bed_write32(bed, BED_BAR0, CDNA_BAR_SRAM_SIZE - 4, 5);
	assert_int_equal(bed_call(bed, VFU_DEVICE_RESET, NULL, 0, NULL), 0);
	bed_read(bed, BED_BAR0, CDNA_REGISTER_PAGE, after, 4096);
	assert_memory_equal(before, after, 4096);
	assert_int_equal(bed_read32(bed, BED_BAR0, CDNA_BAR_SRAM_SIZE - 4), 0);
	assert_int_equal(bed_read32(bed, BED_BAR0, CDNA_MBOX_OFFSET(2)), 0);
	assert_false(bed->d->dma.open);
	assert_int_equal(bed->d->dma.count, 1);
	close(fd);
}

static void a_live_socket_is_not_taken(void **state)
{
	struct bed *bed = *state;
	struct nicd *other = test_calloc(1, sizeof(*other));

	other->opt.socket = bed->path;
	assert_false(server_open(other));
	test_free(other);
	/* The probe came and went like a client. */
	bed->fd = bed_connect(bed);
	bed_negotiate(bed);
}

static void a_dead_socket_is_replaced(void **state)
{
	struct bed *bed = *state;

	close(bed->d->listen_fd);
	bed->d->listen_fd = -1;
	assert_int_equal(access(bed->path, F_OK), 0);
	assert_true(server_open(bed->d));
	bed->fd = bed_connect(bed);
	bed_negotiate(bed);
}

static void a_file_is_not_replaced(void **state)
{
	struct bed *bed = *state;
	struct nicd *other = test_calloc(1, sizeof(*other));
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "%s/file", bed->dir);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	other->opt.socket = path;
	assert_false(server_open(other));
	assert_int_equal(unlink(path), 0);
	test_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(a_client_leaves_nothing_behind, bed_setup_ready),
		BED_TEST(clients_come_and_go, bed_setup),
		BED_TEST(a_second_client_is_told, bed_setup_ready),
		BED_TEST(a_silent_second_client_is_sent_away,
			 bed_setup_ready),
		BED_TEST(the_next_client_follows_at_once, bed_setup_ready),
		BED_TEST(reset_is_as_after_power_on, bed_setup_ready),
		BED_TEST(a_live_socket_is_not_taken, bed_setup),
		BED_TEST(a_dead_socket_is_replaced, bed_setup),
		BED_TEST(a_file_is_not_replaced, bed_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
