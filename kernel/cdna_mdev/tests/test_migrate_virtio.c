// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams of virtio devices: who may send what to whom, and what a body may say.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/stddef.h>
#include <linux/unaligned.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>

#include "vdev/cdna_migrate_virtio.h"
#include "vdev/cdna_virtio_rules.h"

#define PAIRS		4
#define ENTRIES		256
#define STATUS_BITS	(VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK)
#define ACCEPTED \
	(BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(VIRTIO_NET_F_CTRL_VQ) | \
	 BIT_ULL(VIRTIO_NET_F_MQ) | BIT_ULL(VIRTIO_NET_F_RSS))
#define OFFERED		(ACCEPTED | BIT_ULL(VIRTIO_NET_F_CSUM))

static struct cdna_mig_header ours;
static struct cdna_mig_virtio body;

static int fresh(void **state)
{
	struct cdna_config config;
	u32 i;

	(void)state;
	cdna_mig_header_begin(&ours, CDNA_MIG_KIND_VIRTIO);
	memcpy(ours.mac, "\x02\x11\x22\x33\x44\x55", 6);
	ours.flags = cpu_to_le32(CDNA_MIG_GUEST_MAC);
	ours.features = cpu_to_le32((u32)OFFERED);
	ours.features_high = cpu_to_le32((u32)(OFFERED >> 32));
	ours.qps = cpu_to_le32(PAIRS);
	ours.min_ring = cpu_to_le32(1);
	ours.max_ring = cpu_to_le32(ENTRIES);
	ours.mtu = cpu_to_le32(1500);
	ours.max_coalesce_usecs = cpu_to_le32(1000);

	memset(&body, 0, sizeof(body));
	cdna_config_init(&config, CDNA_CONFIG_VIRTIO);
	memcpy(body.config, config.byte, sizeof(body.config));
	body.status = STATUS_BITS;
	body.features = cpu_to_le64(ACCEPTED);
	body.pairs = 1;
	body.rx_modes = CDNA_VIRTIO_RX_BEGINS;
	for (i = 0; i < ARRAY_SIZE(body.queue); i++) {
		body.queue[i].size = cpu_to_le16(ENTRIES);
		body.queue[i].vector = cpu_to_le16(VIRTIO_MSI_NO_VECTOR);
	}
	return 0;
}

static int check_body(const char **what)
{
	struct cdna_mig_refusal why;
	struct cdna_config config;
	int ret = cdna_mig_virtio_check(&body, &ours, &config, &why);

	*what = ret ? why.what : NULL;
	return ret;
}

static void good(void)
{
	const char *what;

	assert_int_equal(check_body(&what), 0);
}

static void refused(const char *expected)
{
	const char *what;

	assert_int_equal(check_body(&what), -EINVAL);
	assert_string_equal(what, expected);
}

static int check_header(const struct cdna_mig_header *theirs)
{
	struct cdna_mig_refusal why;

	return cdna_mig_header_check(theirs, &ours, &why);
}

#define HEADER(field, value, err)					\
	do {								\
		struct cdna_mig_header theirs = ours;			\
									\
		theirs.field = cpu_to_le32(value);			\
		assert_int_equal(check_header(&theirs), err);		\
	} while (0)

static void headers(void **state)
{
	(void)state;
	assert_int_equal(cdna_mig_bytes(&ours), 96 + 1200);
	assert_int_equal(check_header(&ours), 0);
	HEADER(kind, CDNA_MIG_KIND_CDNA, -EINVAL);
	HEADER(body_bytes, sizeof(struct cdna_mig_body), -EINVAL);
	HEADER(flags, 0, 0);
	HEADER(flags, CDNA_MIG_GUEST_MAC | CDNA_MIG_TRUNK, -EINVAL);
	HEADER(features, (u32)ACCEPTED, 0);
	/* Those that a driver of ours looks up each time count here. */
	HEADER(features, (u32)OFFERED | BIT(VIRTIO_NET_F_GUEST_ECN), -EOPNOTSUPP);
	HEADER(features, (u32)OFFERED | CDNA_VFEAT_HOST_MAILBOX, -EOPNOTSUPP);
	HEADER(features, (u32)OFFERED | CDNA_VFEAT_TRAP_PAGE, -EOPNOTSUPP);
	HEADER(features_high, 1, 0);
	HEADER(features_high, 1u << (VIRTIO_NET_F_SPEED_DUPLEX - 32), 0);
	HEADER(features_high, 0xffffffff, -EOPNOTSUPP);
	HEADER(features_high, 1u << 30, -EOPNOTSUPP);
	HEADER(qps, PAIRS - 1, -EOPNOTSUPP);
	HEADER(qps, PAIRS + 1, -EOPNOTSUPP);
	HEADER(max_ring, 2 * ENTRIES, -EOPNOTSUPP);
	HEADER(min_ring, 0, -EOPNOTSUPP);
	HEADER(mtu, 1400, 0);
	HEADER(mtu, 1501, -EOPNOTSUPP);
	HEADER(max_coalesce_usecs, 1001, -EOPNOTSUPP);
	HEADER(abi, 1, -EOPNOTSUPP);
	HEADER(offloads, 1, -EOPNOTSUPP);
	HEADER(formats, 1, -EOPNOTSUPP);
	HEADER(reserved2[0], 1, -EINVAL);
	HEADER(reserved2[3], 1, -EINVAL);
	ours.flags = 0;
	HEADER(flags, CDNA_MIG_GUEST_MAC, -EOPNOTSUPP);
}

static void what_was_accepted(void **state)
{
	(void)state;
	good();
	body.features = cpu_to_le64(ACCEPTED | BIT_ULL(VIRTIO_NET_F_STATUS));
	refused("features that are in use");
	body.features = cpu_to_le64(ACCEPTED & ~BIT_ULL(VIRTIO_F_VERSION_1));
	refused("features without those that they need");
	body.features = cpu_to_le64(ACCEPTED & ~BIT_ULL(VIRTIO_NET_F_CTRL_VQ));
	refused("features without those that they need");
	/* A driver has not said yet whether that is all. */
	body.status = VIRTIO_CONFIG_S_DRIVER;
	good();
	body.status = VIRTIO_CONFIG_S_DRIVER_OK;
	refused("device status");
}

static void registers(void **state)
{
	(void)state;
	body.config_vector = cpu_to_le16(VIRTIO_MSI_NO_VECTOR);
	good();
	body.config_vector = cpu_to_le16(18);
	refused("interrupt vector");
	body.config_vector = cpu_to_le16(17);
	body.isr = 2;
	refused("interrupt status");
	body.isr = 1;
	good();
	body.reserved = cpu_to_le32(1);
	refused("reserved field");
	body.reserved = 0;
	body.config[0] ^= 1;
	refused("configuration space");
}

static void commands(void **state)
{
	(void)state;
	body.rx_modes = 0x2f;
	good();
	body.rx_modes = BIT(VIRTIO_NET_CTRL_RX_NOUNI);
	refused("receive modes");
	body.rx_modes = 0x40;
	refused("receive modes");
	body.rx_modes = 0;
	body.rx_flags = 2;
	refused("receive modes");
	body.rx_flags = 1;
	good();
	body.coal[1].usecs = cpu_to_le32(1000);
	body.coal[1].frames = cpu_to_le32(0xffffffff);
	good();
	body.coal[1].usecs = cpu_to_le32(1001);
	refused("moderation");
}

static void addresses(void **state)
{
	(void)state;
	body.mac[5] = 1;
	good();
	body.mac[0] = 1;
	refused("chosen MAC address");
	body.mac[0] = 2;
	ours.flags = 0;
	refused("permission to choose a MAC address");
	memset(body.mac, 0, sizeof(body.mac));
	good();
}

static void who_receives(void **state)
{
	(void)state;
	body.pairs = PAIRS;
	good();
	body.pairs = PAIRS + 1;
	refused("queue pairs that receive");
	body.pairs = 0;
	refused("queue pairs that receive");
	body.pairs = 2;
	body.features &= ~cpu_to_le64(BIT_ULL(VIRTIO_NET_F_MQ));
	refused("queue pairs that receive");
	body.pairs = 1;
	good();
}

static void flow_tables(void **state)
{
	(void)state;
	body.rss.key[39] = 1;
	refused("reserved field");
	body.flags = cpu_to_le32(CDNA_MIG_RSS);
	good();
	body.rss.table[127] = PAIRS - 1;
	good();
	body.rss.table[127] = PAIRS;
	refused("receive-side scaling");
	body.rss.table[127] = 0;
	body.rss.other = PAIRS;
	refused("receive-side scaling");
	body.rss.other = 0;
	body.rss.types = cpu_to_le32(0x40);
	refused("receive-side scaling");
	body.rss.types = 0;
	body.features &= ~cpu_to_le64(BIT_ULL(VIRTIO_NET_F_RSS));
	refused("receive-side scaling");
	body.flags = cpu_to_le32(2);
	refused("reserved field");
}

/* A device that does not work has run no command. */
#define UNUSED(field, value)						\
	do {								\
		fresh(NULL);						\
		body.field = value;					\
		good();							\
		body.status = VIRTIO_CONFIG_S_FEATURES_OK;		\
		refused("commands of a device that is not used");	\
	} while (0)

static void before_it_works(void **state)
{
	(void)state;
	body.status = VIRTIO_CONFIG_S_FEATURES_OK;
	body.generation = 7;
	good();
	UNUSED(pairs, 2);
	UNUSED(flags, cpu_to_le32(CDNA_MIG_RSS));
	UNUSED(rx_modes, 0);
	UNUSED(rx_flags, CDNA_MIG_OVERFLOW);
	UNUSED(mac[5], 1);
	UNUSED(mc_hash[3], cpu_to_le64(1));
	UNUSED(coal[0].usecs, cpu_to_le32(1));
	UNUSED(coal[1].frames, cpu_to_le32(1));
}

static void rings(void **state)
{
	static const u16 sizes[] = { 0, 3, 255, 257, 512, 0x8000, 0xffff };
	u32 i, n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(body.queue); n++) {
		fresh(NULL);
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			body.queue[n].size = cpu_to_le16(sizes[i]);
			refused("size of a ring");
		}
		body.queue[n].size = cpu_to_le16(1);
		good();
		body.queue[n].vector = cpu_to_le16(18);
		refused("interrupt vector");
		body.queue[n].vector = 0;
		body.queue[n].flags = cpu_to_le32(2);
		refused("reserved field");
		body.queue[n].flags = cpu_to_le32(CDNA_MIG_ENABLED);
		body.queue[n].desc = ~0ull;
		good();
		body.queue[n].reserved = cpu_to_le32(1);
		refused("reserved field");
	}
}

/* Only what was sent may not have been reported. */
static void places(void **state)
{
	struct cdna_mig_virtio_queue *queue;
	u32 n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(body.queue); n++) {
		fresh(NULL);
		queue = &body.queue[n];
		queue->next = cpu_to_le16(5);
		queue->used = cpu_to_le16(5);
		good();
		queue->used = cpu_to_le16(6);
		refused("place in a ring");
		queue->next = cpu_to_le16(100);
		queue->used = cpu_to_le16(100 - ENTRIES);
		if (n % 2)
			good();
		else
			refused("place in a ring");
		queue->used = cpu_to_le16(100 - ENTRIES - 1);
		refused("place in a ring");
		queue->used = queue->next;
		body.status &= ~VIRTIO_CONFIG_S_DRIVER_OK;
		refused("place in a ring that is not used");
	}
}

/* What is accepted is bounded, whatever else is in it. */
static void random_bodies(void **state)
{
	const char *what;
	u32 i, n, taken = 0;

	(void)state;
	srand(20070210);
	for (i = 0; i < 200000; i++) {
		fresh(NULL);
		for (n = rand() % 4; n; n--)
			((u8 *)&body)[rand() % sizeof(body)] ^= 1 << rand() % 8;
		if (check_body(&what)) {
			assert_non_null(what);
			continue;
		}
		taken++;
		assert_in_range(body.pairs, 1, PAIRS);
		for (n = 0; n < CDNA_RSS_TABLE; n++)
			assert_true(body.rss.table[n] < PAIRS);
		for (n = 0; n < ARRAY_SIZE(body.queue); n++)
			assert_in_range(le16_to_cpu(body.queue[n].size), 1,
					ENTRIES);
	}
	assert_true(taken > 1000);
}

#define TEST(test)	cmocka_unit_test_setup(test, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(headers), TEST(what_was_accepted), TEST(registers),
		TEST(commands),
		TEST(addresses), TEST(who_receives), TEST(flow_tables),
		TEST(before_it_works), TEST(rings),
		TEST(places), TEST(random_bodies),
	};

	return cmocka_run_group_tests_name("migrate_virtio", tests, NULL, NULL);
}
