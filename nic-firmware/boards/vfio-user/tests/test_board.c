// SPDX-License-Identifier: GPL-2.0-only
/* The whole way: what a driver does at probe, through messages, and back. */
#include "bed.h"

#include <errno.h>
#include <linux/vfio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include <cdna/admin.h>

#include "../log.h"

#define REG(r)			(CDNA_REGISTER_PAGE + (r))
#define MBOX(m)			(CDNA_MGMT_PAGE + CDNA_MBOX_OFFSET(m))
#define MGMT(r)			(CDNA_MGMT_PAGE + (r))

#define MEMORY			0x100000
#define TEST_AT			0x1000
#define ASQ_AT			0x2000
#define ACQ_AT			0x3000
#define ID_AT			0x5000
#define SLOTS			16

/**
 * struct machine - a client with memory and interrupts
 * @bed: the server and it
 * @memory: its memory, bus address 0
 * @irq: its eventfds
 */
static struct machine {
	struct bed *bed;
	u8 *memory;
	int irq[CDNA_NR_VECTORS];
} m;

static int setup(void **state)
{
	struct vfu_irq_set s = {
		sizeof(s), VFIO_IRQ_SET_DATA_EVENTFD |
		VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0,
		CDNA_NR_VECTORS,
	};
	int fd = bed_memory(MEMORY), i;

	m.memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			0);
	assert_ptr_not_equal(m.memory, MAP_FAILED);
	for (i = 0; i < CDNA_NR_VECTORS; i++)
		m.irq[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	bed_setup_ready(state);
	m.bed = *state;
	/* The file of the memory is open still. */
	m.bed->open_fds--;
	assert_int_equal(bed_map(m.bed, 0, MEMORY, 0, 3, fd), 0);
	close(fd);
	assert_int_equal(bed_call_fds(m.bed, VFU_DEVICE_SET_IRQS, &s, sizeof(s),
				      m.irq, CDNA_NR_VECTORS, NULL), 0);
	bed_bus_master(m.bed, true);
	return 0;
}

static int teardown(void **state)
{
	int ret = bed_teardown(state), i;

	for (i = 0; i < CDNA_NR_VECTORS; i++)
		close(m.irq[i]);
	munmap(m.memory, MEMORY);
	return ret;
}

static void store(u32 offset, u32 value)
{
	assert_int_equal(bed_write32(m.bed, BED_BAR0, offset, value), 0);
	bed_pump(m.bed);
}

static u32 load(u32 offset)
{
	return bed_read32(m.bed, BED_BAR0, offset);
}

static u64 interrupts(u32 vector)
{
	u64 count = 0;

	if (read(m.irq[vector], &count, sizeof(count)) < 0)
		assert_int_equal(errno, EAGAIN);
	return count;
}

static void registers_say_what_it_is(void **state)
{
	(void)state;
	assert_int_equal(load(REG(CDNA_REG_ABI)), CDNA_ABI_VERSION);
	assert_int_equal(load(REG(CDNA_REG_MAGIC)), CDNA_MAGIC);
	assert_int_equal(load(REG(CDNA_REG_CONTEXTS)), FW_MAX_CONTEXTS);
	assert_int_equal(load(REG(CDNA_REG_FW_VERSION)), FW_VERSION);
	assert_true(load(REG(CDNA_REG_STATUS)) & CDNA_STATUS_READY);
	assert_false(load(REG(CDNA_REG_STATUS)) & CDNA_STATUS_LINK);
}

static u32 dma_test(u64 addr, u32 seed)
{
	store(MGMT(CDNA_MGMT_DMA_TEST_ADDR_LO), (u32)addr);
	store(MGMT(CDNA_MGMT_DMA_TEST_ADDR_HI), (u32)(addr >> 32));
	store(MBOX(CDNA_MGMT_MBOX_DMA_TEST), seed);
	return load(REG(CDNA_REG_DMA_TEST));
}

static void dma_self_test(void **state)
{
	struct cdna_dma_test *t = (void *)(m.memory + TEST_AT);
	u32 i;

	(void)state;
	for (i = 0; i < CDNA_DMA_TEST_BYTES; i++)
		t->in[i] = (u8)i;
	assert_int_equal(dma_test(TEST_AT, 0x1234), 0x1234);
	for (i = 0; i < CDNA_DMA_TEST_BYTES; i++)
		assert_int_equal(t->out[i], i ^ 0x34);
	assert_int_equal(dma_test(MEMORY, 5), CDNA_DMA_TEST_FAILED);
	assert_int_equal(dma_test(1ull << 40, 6), CDNA_DMA_TEST_FAILED);
	bed_bus_master(m.bed, false);
	assert_int_equal(dma_test(TEST_AT, 7), CDNA_DMA_TEST_FAILED);
	bed_bus_master(m.bed, true);
	assert_int_equal(dma_test(TEST_AT, 8), 8);
}

static void interrupt_self_test(void **state)
{
	u32 v;

	(void)state;
	for (v = 0; v < CDNA_NR_VECTORS; v++) {
		store(MBOX(CDNA_MGMT_MBOX_IRQ_TEST), v);
		assert_int_equal(interrupts(v), 1);
		assert_int_equal(interrupts(!v), 0);
	}
	store(MBOX(CDNA_MGMT_MBOX_IRQ_TEST), CDNA_NR_VECTORS);
	assert_int_equal(interrupts(0), 0);
	assert_int_equal(interrupts(1), 0);
}

static void enable(void)
{
	store(MGMT(CDNA_MGMT_ASQ_BASE_LO), ASQ_AT);
	store(MGMT(CDNA_MGMT_ASQ_BASE_HI), 0);
	store(MGMT(CDNA_MGMT_ACQ_BASE_LO), ACQ_AT);
	store(MGMT(CDNA_MGMT_ACQ_BASE_HI), 0);
	store(MGMT(CDNA_MGMT_ADMIN_SIZE), SLOTS);
	store(MBOX(CDNA_MGMT_MBOX_CONTROL), CDNA_CONTROL_ENABLE);
}

static void it_identifies_itself(void **state)
{
	struct cdna_admin_cmd *cmd = (void *)(m.memory + ASQ_AT);
	struct cdna_ring_header *head = (void *)(m.memory + ACQ_AT);
	struct cdna_admin_completion *done = (void *)(head + 1);
	struct cdna_identify *id = (void *)(m.memory + ID_AT);

	(void)state;
	enable();
	assert_true(load(REG(CDNA_REG_STATUS)) & CDNA_STATUS_ENABLED);
	cmd->opcode = CDNA_CMD_IDENTIFY;
	cmd->tag = 77;
	cmd->identify.addr = ID_AT;
	store(MBOX(CDNA_MGMT_MBOX_ASQ_TAIL), 1);
	assert_int_equal(head->prod, 1);
	assert_int_equal(done->tag, 77);
	assert_int_equal(done->status, CDNA_SC_OK);
	assert_int_equal(interrupts(CDNA_VECTOR_ADMIN), 1);
	assert_int_equal(id->abi, CDNA_ABI_VERSION);
	assert_int_equal(id->contexts, FW_MAX_CONTEXTS);
	assert_int_equal(id->mtu, 1500);
	assert_memory_equal(id->mac, m.bed->d->opt.config.mac, 6);
}

/* The admin queue is gone with the client, whose memory it was in. */
static void a_new_client_starts_afresh(void **state)
{
	(void)state;
	enable();
	close(m.bed->fd);
	m.bed->fd = bed_connect(m.bed);
	bed_negotiate(m.bed);
	assert_false(load(REG(CDNA_REG_STATUS)) & CDNA_STATUS_ENABLED);
	store(MBOX(CDNA_MGMT_MBOX_ASQ_TAIL), 1);
	assert_int_equal(((struct cdna_ring_header *)
			 (m.memory + ACQ_AT))->prod, 0);
}

static void a_truncated_machine_is_dropped(void **state)
{
	const struct {
		struct vfu_region_access a;
		u32 value;
	} tail = { { MBOX(CDNA_MGMT_MBOX_ASQ_TAIL), BED_BAR0, 4 }, 1 };
	int fd = bed_memory(MEMORY);

	(void)state;
	assert_true(dma_guard_install());
	enable();
	assert_int_equal(bed_unmap(m.bed, 0, MEMORY), 0);
	assert_int_equal(bed_map(m.bed, 0, MEMORY, 0, 3, fd), 0);
	assert_int_equal(ftruncate(fd, 0), 0);
	close(fd);
	bed_send(m.bed, VFU_REGION_WRITE, MSG_NO_REPLY, &tail, 20, NULL, 0);
	assert_true(bed_is_closed(m.bed));
	assert_int_equal(m.bed->d->counts.dropped, 1);
}

static void the_counters_can_be_printed(void **state)
{
	char path[] = "/tmp/nicd-log-XXXXXX";
	char text[16384] = "";
	int fd = mkstemp(path);

	(void)state;
	enable();
	assert_true(log_open(path));
	counters_print(m.bed->d);
	log_close();
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_non_null(strstr(text, "\nclient.connections 1\n"));
	assert_non_null(strstr(text, "\nmessage.DMA_MAP 1\n"));
	assert_non_null(strstr(text, "\ndma.maps 1\n"));
	assert_non_null(strstr(text, "\nnic.steps "));
	close(fd);
	unlink(path);
}

#define BOARD_TEST(name) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOARD_TEST(registers_say_what_it_is),
		BOARD_TEST(dma_self_test),
		BOARD_TEST(interrupt_self_test),
		BOARD_TEST(it_identifies_itself),
		BOARD_TEST(a_new_client_starts_afresh),
		BOARD_TEST(a_truncated_machine_is_dropped),
		BOARD_TEST(the_counters_can_be_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
