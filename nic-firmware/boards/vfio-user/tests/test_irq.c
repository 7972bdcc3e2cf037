// SPDX-License-Identifier: GPL-2.0-only
/* SET_IRQS: eventfds, the latch while there is none, and wrong requests. */
#include "bed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <sys/eventfd.h>

#define MSIX			VFIO_PCI_MSIX_IRQ_INDEX
#define EVENTFD			(VFIO_IRQ_SET_DATA_EVENTFD | \
				 VFIO_IRQ_SET_ACTION_TRIGGER)
#define NONE			(VFIO_IRQ_SET_DATA_NONE | \
				 VFIO_IRQ_SET_ACTION_TRIGGER)
#define BOOL			(VFIO_IRQ_SET_DATA_BOOL | \
				 VFIO_IRQ_SET_ACTION_TRIGGER)

static u32 set_irqs(struct bed *bed, u32 flags, u32 start, u32 count,
		    const int *fds, u32 nfds)
{
	struct vfu_irq_set s = { sizeof(s), flags, MSIX, start, count };

	return bed_call_fds(bed, VFU_DEVICE_SET_IRQS, &s, sizeof(s), fds, nfds,
			    NULL);
}

/* Return: times it was signalled since the last look */
static u64 signalled(int fd)
{
	u64 count = 0;

	if (read(fd, &count, sizeof(count)) < 0)
		assert_int_equal(errno, EAGAIN);
	return count;
}

static int new_eventfd(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	assert_true(fd >= 0);
	return fd;
}

static void an_interrupt_reaches_its_eventfd(void **state)
{
	struct bed *bed = *state;
	int fds[2] = { new_eventfd(), new_eventfd() };

	bed_bus_master(bed, true);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 2, fds, 2), 0);
	irq_raise(&bed->d->irq, 1);
	assert_int_equal(signalled(fds[0]), 0);
	assert_int_equal(signalled(fds[1]), 1);
	irq_raise(&bed->d->irq, 0);
	irq_raise(&bed->d->irq, 0);
	assert_int_equal(signalled(fds[0]), 2);
	irq_raise(&bed->d->irq, 2);
	irq_raise(&bed->d->irq, ~0u);
	close(fds[0]);
	close(fds[1]);
}

/* As QEMU re-arms: all off, then n on. What came in between is not lost. */
static void raised_while_disabled_is_latched(void **state)
{
	struct bed *bed = *state;
	int fds[2] = { new_eventfd(), new_eventfd() };

	bed_bus_master(bed, true);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 2, fds, 2), 0);
	assert_int_equal(set_irqs(bed, NONE, 0, 0, NULL, 0), 0);
	irq_raise(&bed->d->irq, 1);
	irq_raise(&bed->d->irq, 1);
	assert_int_equal(signalled(fds[1]), 0);
	assert_int_equal(bed_read32(bed, BED_BAR2, 0x2000), 2);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 2, fds, 2), 0);
	assert_int_equal(signalled(fds[0]), 0);
	assert_int_equal(signalled(fds[1]), 1);
	assert_int_equal(bed_read32(bed, BED_BAR2, 0x2000), 0);
	close(fds[0]);
	close(fds[1]);
}

static void a_vector_may_lose_its_eventfd_alone(void **state)
{
	struct bed *bed = *state;
	int fds[2] = { new_eventfd(), new_eventfd() };

	bed_bus_master(bed, true);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 2, fds, 2), 0);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 1, NULL, 0), 0);
	irq_raise(&bed->d->irq, 0);
	irq_raise(&bed->d->irq, 1);
	assert_int_equal(signalled(fds[0]), 0);
	assert_int_equal(signalled(fds[1]), 1);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 1, fds, 1), 0);
	assert_int_equal(signalled(fds[0]), 1);
	close(fds[0]);
	close(fds[1]);
}

static void a_message_needs_the_bus(void **state)
{
	struct bed *bed = *state;
	int fd = new_eventfd();

	assert_int_equal(set_irqs(bed, EVENTFD, 0, 1, &fd, 1), 0);
	irq_raise(&bed->d->irq, 0);
	assert_int_equal(signalled(fd), 0);
	bed_bus_master(bed, true);
	assert_int_equal(signalled(fd), 1);
	close(fd);
}

static void the_client_may_trigger(void **state)
{
	struct bed *bed = *state;
	struct {
		struct vfu_irq_set s;
		u8 bools[2];
	} m = { { 22, BOOL, MSIX, 0, 2 }, { 0, 1 } };
	int fds[2] = { new_eventfd(), new_eventfd() };

	bed_bus_master(bed, true);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 2, fds, 2), 0);
	assert_int_equal(set_irqs(bed, NONE, 0, 2, NULL, 0), 0);
	assert_int_equal(signalled(fds[0]), 1);
	assert_int_equal(signalled(fds[1]), 1);
	assert_int_equal(bed_call(bed, VFU_DEVICE_SET_IRQS, &m, 22, NULL), 0);
	assert_int_equal(signalled(fds[0]), 0);
	assert_int_equal(signalled(fds[1]), 1);
	close(fds[0]);
	close(fds[1]);
}

static void wrong_requests_are_refused(void **state)
{
	static const struct {
		u32 flags, index, start, count, nfds;
	} bad[] = {
		{ EVENTFD, MSIX, 0, 2, 1 },
		{ EVENTFD, MSIX, 0, 1, 2 },
		{ EVENTFD, MSIX, 1, 2, 2 },
		{ EVENTFD, MSIX, 2, 1, 1 },
		{ EVENTFD, MSIX, 0xffffffff, 2, 2 },
		{ EVENTFD, MSIX, 2, 0xffffffff, 0 },
		{ EVENTFD, MSIX, 0, 0, 0 },
		{ EVENTFD, 0, 0, 1, 1 },
		{ EVENTFD, 5, 0, 1, 1 },
		{ EVENTFD | VFIO_IRQ_SET_DATA_NONE, MSIX, 0, 1, 1 },
		{ VFIO_IRQ_SET_DATA_EVENTFD, MSIX, 0, 1, 1 },
		{ VFIO_IRQ_SET_ACTION_TRIGGER, MSIX, 0, 1, 0 },
		{ VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK, MSIX, 0,
		  1, 0 },
		{ NONE | VFIO_IRQ_SET_ACTION_UNMASK, MSIX, 0, 1, 0 },
		{ NONE, MSIX, 1, 0, 0 },
		{ NONE, MSIX, 0, 3, 0 },
		{ NONE, MSIX, 0, 1, 1 },
		{ NONE, 0, 0, 1, 0 },
		{ NONE, 5, 0, 0, 0 },
		{ NONE, ~0u, 0, 0, 0 },
		{ NONE | 0x100, MSIX, 0, 0, 0 },
		{ BOOL, MSIX, 0, 1, 0 },
	};
	struct bed *bed = *state;
	int fds[2] = { new_eventfd(), new_eventfd() };
	int before = bed_count_fds();
	u32 i;

	bed_bus_master(bed, true);
	for (i = 0; i < FW_ARRAY_SIZE(bad); i++) {
		struct vfu_irq_set s = { sizeof(s), bad[i].flags, bad[i].index,
					 bad[i].start, bad[i].count };

		assert_int_equal(bed_call_fds(bed, VFU_DEVICE_SET_IRQS, &s,
					      sizeof(s), fds, bad[i].nfds,
					      NULL), EINVAL);
	}
	assert_int_equal(bed_count_fds(), before);
	assert_int_equal(bed->d->irq.fd[0], -1);
	assert_int_equal(bed->d->irq.fd[1], -1);
	close(fds[0]);
	close(fds[1]);
}

static void disabling_what_is_not_there_is_fine(void **state)
{
	struct vfu_irq_set s = { sizeof(s), NONE, 0, 0, 0 };

	for (s.index = 0; s.index < VFIO_PCI_NUM_IRQS; s.index++)
		assert_int_equal(bed_call(*state, VFU_DEVICE_SET_IRQS, &s,
					  sizeof(s), NULL), 0);
}

static void only_an_eventfd_will_do(void **state)
{
	struct bed *bed = *state;
	int ends[2], fds[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fds[0] = new_eventfd();
	fds[1] = ends[1];
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 2, fds, 2), EINVAL);
	/* Neither of them. */
	assert_int_equal(bed->d->irq.fd[0], -1);
	close(fds[0]);
	fds[0] = open("/dev/null", O_RDWR | O_CLOEXEC);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 1, fds, 1), EINVAL);
	close(fds[0]);
	close(ends[0]);
	close(ends[1]);
}

static void a_full_eventfd_does_not_block(void **state)
{
	struct bed *bed = *state;
	/* Blocking, as a careless client's may be */
	int fd = eventfd(0, EFD_CLOEXEC);
	u64 most = 0xfffffffffffffffeull;

	assert_int_equal(write(fd, &most, 8), 8);
	bed_bus_master(bed, true);
	assert_int_equal(set_irqs(bed, EVENTFD, 0, 1, &fd, 1), 0);
	irq_raise(&bed->d->irq, 0);
	irq_raise(&bed->d->irq, 0);
	assert_int_equal(signalled(fd), most);
	irq_raise(&bed->d->irq, 0);
	assert_int_equal(signalled(fd), 1);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(an_interrupt_reaches_its_eventfd, bed_setup_ready),
		BED_TEST(raised_while_disabled_is_latched, bed_setup_ready),
		BED_TEST(a_vector_may_lose_its_eventfd_alone,
			 bed_setup_ready),
		BED_TEST(a_message_needs_the_bus, bed_setup_ready),
		BED_TEST(the_client_may_trigger, bed_setup_ready),
		BED_TEST(wrong_requests_are_refused, bed_setup_ready),
		BED_TEST(disabling_what_is_not_there_is_fine,
			 bed_setup_ready),
		BED_TEST(only_an_eventfd_will_do, bed_setup_ready),
		BED_TEST(a_full_eventfd_does_not_block, bed_setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
