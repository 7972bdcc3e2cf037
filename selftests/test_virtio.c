// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context as a virtio network card: what it is, its registers, what it lets a driver
 * negotiate, and what it makes of stores that no driver makes. VIRTIO_SEED (1) chooses
 * these.
 */
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "env.h"
#include "virtio.h"

#define CONFIG		VFIO_PCI_CONFIG_REGION_INDEX
#define FIELD_STORES	3000
#define ALWAYS \
	(VIRTIO_USUAL | FEATURE(VIRTIO_NET_F_MAC) | \
	 FEATURE(VIRTIO_NET_F_MTU) | FEATURE(VIRTIO_NET_F_STATUS) | \
	 FEATURE(VIRTIO_NET_F_CTRL_VQ) | FEATURE(VIRTIO_NET_F_CTRL_RX) | \
	 FEATURE(VIRTIO_NET_F_CTRL_RX_EXTRA) | \
	 FEATURE(VIRTIO_NET_F_CTRL_MAC_ADDR) | \
	 FEATURE(VIRTIO_NET_F_CTRL_VLAN) | FEATURE(VIRTIO_NET_F_MQ) | \
	 FEATURE(VIRTIO_NET_F_RSS) | \
	 FEATURE(VIRTIO_NET_F_NOTF_COAL) | \
	 FEATURE(VIRTIO_NET_F_GUEST_ANNOUNCE))
#define SOMETIMES \
	(FEATURE(VIRTIO_NET_F_CSUM) | FEATURE(VIRTIO_NET_F_HOST_TSO4) | \
	 FEATURE(VIRTIO_NET_F_HOST_TSO6) | FEATURE(VIRTIO_NET_F_GUEST_CSUM) | \
	 FEATURE(VIRTIO_NET_F_GUEST_TSO4) | \
	 FEATURE(VIRTIO_NET_F_GUEST_TSO6) | FEATURE(VIRTIO_NET_F_MRG_RXBUF) | \
	 FEATURE(VIRTIO_NET_F_SPEED_DUPLEX))

FIXTURE(virtio) {
	struct virtio virtio;
};

FIXTURE_SETUP(virtio)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xc0));
}

FIXTURE_TEARDOWN(virtio)
{
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static uint64_t config(struct virtio *virtio, uint32_t at, size_t bytes)
{
	uint64_t value = 0;

	if (pread(virtio->dev.fd, &value, bytes, vdev_offset(CONFIG, at)) !=
	    bytes)
		return ~0ull;
	return value;
}

TEST_F(virtio, is_a_virtio_network_card)
{
	struct virtio *virtio = &self->virtio;
	uint32_t at, msix = 0, n = 0;

	EXPECT_EQ(0x1af4, config(virtio, PCI_VENDOR_ID, 2));
	EXPECT_EQ(0x1041, config(virtio, PCI_DEVICE_ID, 2));
	EXPECT_EQ(0x0200, config(virtio, PCI_CLASS_DEVICE, 2));
	EXPECT_EQ(0, config(virtio, PCI_INTERRUPT_PIN, 1));
	EXPECT_LE(1, config(virtio, PCI_REVISION_ID, 1));
	ASSERT_TRUE(config(virtio, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST);
	for (at = config(virtio, PCI_CAPABILITY_LIST, 1); at && n < 48; n++) {
		if (config(virtio, at, 1) == PCI_CAP_ID_MSIX)
			msix = config(virtio, at + PCI_MSIX_FLAGS, 2) + 1;
		at = config(virtio, at + PCI_CAP_LIST_NEXT, 1);
	}
	EXPECT_EQ(0, at);
	EXPECT_EQ(VIRTIO_VECTORS, msix);
	/* virtio_new() has found the areas. None is on another, or too small. */
	EXPECT_LE(sizeof(struct virtio_pci_common_cfg),
		  virtio->area[VIRTIO_PCI_CAP_COMMON_CFG].length);
	EXPECT_LE(offsetof(struct virtio_net_config, duplex) + 1,
		  virtio->area[VIRTIO_PCI_CAP_DEVICE_CFG].length);
	EXPECT_LE(1, virtio->area[VIRTIO_PCI_CAP_ISR_CFG].length);
	EXPECT_LE(virtio->multiplier + 2,
		  virtio->area[VIRTIO_PCI_CAP_NOTIFY_CFG].length);
	EXPECT_NE(virtio->area[VIRTIO_PCI_CAP_COMMON_CFG].bar,
		  virtio->area[VIRTIO_PCI_CAP_NOTIFY_CFG].bar);
}

TEST_F(virtio, device_configuration)
{
	struct virtio *virtio = &self->virtio;
	const uint8_t type = VIRTIO_PCI_CAP_DEVICE_CFG;
	char want[32], have[32] = "";
	const uint8_t *mac = virtio->dev.mac;

	snprintf(want, sizeof(want), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	ASSERT_EQ(0, vdev_attr(virtio->dev.uuid, "mac_address", have,
			       sizeof(have)));
	EXPECT_STREQ(want, have);
	EXPECT_LT(1, virtio->most);
	EXPECT_LE(1500, virtio_load(virtio, type,
				    offsetof(struct virtio_net_config, mtu),
				    2));
	EXPECT_EQ(VIRTIO_NET_S_LINK_UP,
		  virtio_load(virtio, type,
			      offsetof(struct virtio_net_config, status), 2));
}

TEST_F(virtio, features_that_are_offered)
{
	uint64_t offered = virtio_offered(&self->virtio);

	EXPECT_EQ(ALWAYS, offered & ALWAYS);
	EXPECT_EQ(0, offered & ~(ALWAYS | SOMETIMES));
	/* There are no more than 64. */
	virtio_set(&self->virtio, device_feature_select, 2);
	EXPECT_EQ(0, virtio_get(&self->virtio, device_feature));
}

static bool accepts(struct virtio *virtio, uint64_t features)
{
	return virtio_reset(virtio) && virtio_negotiate(virtio, features);
}

TEST_F(virtio, features_that_are_refused)
{
	struct virtio *virtio = &self->virtio;
	uint64_t offered = virtio_offered(virtio);
	uint32_t bit;

	EXPECT_TRUE(accepts(virtio, offered));
	EXPECT_TRUE(accepts(virtio, FEATURE(VIRTIO_F_VERSION_1)));
	EXPECT_FALSE(accepts(virtio, offered & ~FEATURE(VIRTIO_F_VERSION_1)));
	EXPECT_FALSE(accepts(virtio, 0));
	for (bit = 0; bit < 64; bit++)
		if (!(offered & FEATURE(bit)))
			EXPECT_FALSE(accepts(virtio, VIRTIO_USUAL |
						     FEATURE(bit)));
	/* A driver that goes on all the same does not begin. */
	EXPECT_FALSE(accepts(virtio, VIRTIO_USUAL |
				     FEATURE(VIRTIO_NET_F_MQ)));
	virtio_set(virtio, device_status,
		   virtio_get(virtio, device_status) |
		   VIRTIO_CONFIG_S_DRIVER_OK);
	EXPECT_FALSE(virtio_get(virtio, device_status) &
		     VIRTIO_CONFIG_S_DRIVER_OK);
}

/* They need others: sums of what is sent, or of what is received, or the control queue. */
TEST_F(virtio, features_that_need_others)
{
	static const struct {
		uint8_t bit;
		uint64_t needs;
	} rules[] = {
		{ VIRTIO_NET_F_HOST_TSO4, FEATURE(VIRTIO_NET_F_CSUM) },
		{ VIRTIO_NET_F_HOST_TSO6, FEATURE(VIRTIO_NET_F_CSUM) },
		{ VIRTIO_NET_F_GUEST_TSO4, FEATURE(VIRTIO_NET_F_GUEST_CSUM) },
		{ VIRTIO_NET_F_GUEST_TSO6, FEATURE(VIRTIO_NET_F_GUEST_CSUM) },
		{ VIRTIO_NET_F_CTRL_RX, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
		{ VIRTIO_NET_F_CTRL_RX_EXTRA, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
		{ VIRTIO_NET_F_CTRL_MAC_ADDR, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
		{ VIRTIO_NET_F_CTRL_VLAN, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
		{ VIRTIO_NET_F_MQ, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
		{ VIRTIO_NET_F_RSS, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
		{ VIRTIO_NET_F_NOTF_COAL, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
		{ VIRTIO_NET_F_GUEST_ANNOUNCE, FEATURE(VIRTIO_NET_F_CTRL_VQ) },
	};
	struct virtio *virtio = &self->virtio;
	uint64_t offered = virtio_offered(virtio);
	uint64_t feature, needs, left, all = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		feature = FEATURE(rules[i].bit);
		needs = rules[i].needs;
		all |= feature;
		if (!(offered & feature))
			continue;
		EXPECT_TRUE(accepts(virtio, VIRTIO_USUAL | feature | needs));
		for (left = needs; left; left &= left - 1)
			EXPECT_FALSE(accepts(virtio, VIRTIO_USUAL | feature |
					     (needs & ~(left & -left)))) {
				TH_LOG("rule %zu", i);
			}
	}
	/* Each of the others is right without any. */
	for (left = offered & ~all; left; left &= left - 1)
		EXPECT_TRUE(accepts(virtio, VIRTIO_USUAL | (left & -left)));
}

/* What was accepted stays, until a reset. */
TEST_F(virtio, features_are_accepted_once)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_TRUE(accepts(virtio, VIRTIO_USUAL));
	virtio_set(virtio, guest_feature_select, 0);
	virtio_set(virtio, guest_feature, 0);
	EXPECT_EQ(VIRTIO_USUAL & 0xffffffff, virtio_get(virtio, guest_feature));
	ASSERT_TRUE(virtio_reset(virtio));
	EXPECT_EQ(0, virtio_get(virtio, guest_feature));
}

static uint64_t desc_addr(struct virtio *virtio)
{
	return virtio_get(virtio, queue_desc_hi) << 32 |
	       virtio_get(virtio, queue_desc_lo);
}

TEST_F(virtio, queue_registers)
{
	static const uint16_t bad[] = { 0, 3, 255, 257, 512, 32768, 65535 };
	struct virtio *virtio = &self->virtio;
	size_t i;

	EXPECT_EQ(virtio->most * VIRTIO_QUEUES + 1,
		  virtio_get(virtio, num_queues));
	for (i = 0; i < VIRTIO_ALL_QUEUES; i++) {
		virtio_set(virtio, queue_select, i);
		EXPECT_EQ(VIRTIO_SIZE, virtio_get(virtio, queue_size));
		EXPECT_EQ(i, virtio_get(virtio, queue_notify_off));
		EXPECT_EQ(0, virtio_get(virtio, queue_enable));
		EXPECT_EQ(VIRTIO_MSI_NO_VECTOR,
			  virtio_get(virtio, queue_msix_vector));
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		virtio_set(virtio, queue_size, bad[i]);
		EXPECT_EQ(VIRTIO_SIZE, virtio_get(virtio, queue_size));
	}
	virtio_set(virtio, queue_size, 64);
	EXPECT_EQ(64, virtio_get(virtio, queue_size));
	virtio_store_addr(virtio, VIRTIO_REG(queue_desc_lo),
			  0x123456789abcdef0);
	EXPECT_EQ(0x123456789abcdef0, desc_addr(virtio));
	virtio_set(virtio, queue_msix_vector, VIRTIO_VECTORS);
	EXPECT_EQ(VIRTIO_MSI_NO_VECTOR, virtio_get(virtio, queue_msix_vector));
	/* A queue that there is not */
	virtio_set(virtio, queue_select, VIRTIO_ALL_QUEUES);
	EXPECT_EQ(0, virtio_get(virtio, queue_size));
	virtio_set(virtio, queue_enable, 1);
	EXPECT_EQ(0, virtio_get(virtio, queue_enable));
	ASSERT_TRUE(virtio_reset(virtio));
	virtio_set(virtio, queue_select, 1);
	EXPECT_EQ(VIRTIO_SIZE, virtio_get(virtio, queue_size));
	EXPECT_EQ(0, desc_addr(virtio));
}

/* A queue that is in use stays where it is. */
TEST_F(virtio, queue_registers_when_ready)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_TX];

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	virtio_set(virtio, queue_select, VIRTIO_TX);
	EXPECT_EQ(1, virtio_get(virtio, queue_enable));
	virtio_set(virtio, queue_size, 64);
	EXPECT_EQ(VIRTIO_SIZE, virtio_get(virtio, queue_size));
	virtio_store_addr(virtio, VIRTIO_REG(queue_desc_lo), 0);
	EXPECT_EQ(queue->iova + VIRTQ_DESC, desc_addr(virtio));
	virtio_set(virtio, queue_enable, 0);
	EXPECT_EQ(1, virtio_get(virtio, queue_enable));
	/* Its vector may change. */
	virtio_set(virtio, queue_msix_vector, VIRTIO_VECTOR_CONFIG);
	EXPECT_EQ(VIRTIO_VECTOR_CONFIG, virtio_get(virtio, queue_msix_vector));
	EXPECT_FALSE(virtio_needs_reset(virtio));
}

/* Rings that cannot be used: the device says so, and a reset cures it. */
TEST_F(virtio, rings_that_are_nowhere)
{
	static const uint64_t nowhere[] = { 0, 0x7000000000, VDEV_IOVA + 2,
					    ~0ull - 4095, };
	struct virtio *virtio = &self->virtio;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nowhere); i++) {
		ASSERT_TRUE(accepts(virtio, VIRTIO_USUAL));
		virtio_enable(virtio, &virtio->queue[VIRTIO_TX]);
		virtio_store_addr(virtio, VIRTIO_REG(queue_desc_lo),
				  nowhere[i]);
		EXPECT_NE(0, virtio_go(virtio));
		EXPECT_TRUE(virtio_needs_reset(virtio));
		EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "pins_now"));
	}
	EXPECT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
}

/* Every offset and width of a region, also those that no register has */
static void store_anywhere(struct __test_metadata *_metadata, struct vdev *dev,
			   uint32_t index, uint32_t size, uint64_t *state)
{
	uint64_t value;
	size_t bytes;
	uint32_t at;

	for (at = 0; at < size; at++)
		for (bytes = 1; bytes <= 8; bytes *= 2) {
			value = env_random(state);
			EXPECT_EQ(at + bytes <= size ? bytes : -1,
				  pwrite(dev->fd, &value, bytes,
					 vdev_offset(index, at)));
			EXPECT_EQ(at + bytes <= size ? bytes : -1,
				  pread(dev->fd, &value, bytes,
					vdev_offset(index, at)));
		}
}

/* Whole fields with values that mean something, in an order that means nothing */
static void store_fields(struct virtio *virtio, uint64_t *state)
{
	static const struct {
		uint8_t offset;
		uint8_t bytes;
	} field[] = {
#define FIELD(name)	{ VIRTIO_REG(name), VIRTIO_WIDTH(name) }
		FIELD(device_feature_select), FIELD(guest_feature_select),
		FIELD(guest_feature), FIELD(msix_config), FIELD(device_status),
		FIELD(queue_select), FIELD(queue_size),
		FIELD(queue_msix_vector), FIELD(queue_enable),
		FIELD(queue_desc_lo), FIELD(queue_desc_hi),
		FIELD(queue_avail_lo), FIELD(queue_avail_hi),
		FIELD(queue_used_lo), FIELD(queue_used_hi),
	};
	uint64_t value;
	size_t i, n;

	for (n = 0; n < FIELD_STORES; n++) {
		i = env_random(state) % ARRAY_SIZE(field);
		value = env_random(state);
		if (value % 4)
			value = value >> 8 & 0xf;
		virtio_store(virtio, field[i].offset, field[i].bytes, value);
		if (!(n % 16))
			virtq_notify(virtio, &virtio->queue[n / 16 % 3]);
		if (!(n % 64))
			virtio_start(virtio, VIRTIO_USUAL);
	}
}

TEST_F_TIMEOUT(virtio, stores_of_any_kind, 240)
{
	struct virtio *virtio = &self->virtio;
	uint64_t state = env_number("VIRTIO_SEED", 1) | 1ull << 63;
	struct vdev *dev = &virtio->dev;
	uint8_t peer[6];
	int round;

	for (round = 0; round < 3; round++) {
		store_anywhere(_metadata, dev, CDNA_VDEV_BAR_MAILBOX,
			       CDNA_VDEV_BAR_MAILBOX_SIZE, &state);
		store_anywhere(_metadata, dev, CDNA_VDEV_BAR_REGS,
			       CDNA_VDEV_BAR_REGS_SIZE, &state);
		store_anywhere(_metadata, dev, CDNA_VDEV_BAR_MSIX,
			       CDNA_VDEV_BAR_MSIX_SIZE, &state);
		store_fields(virtio, &state);
		store_anywhere(_metadata, dev, CONFIG, 256, &state);
		EXPECT_EQ(0x10411af4, config(virtio, PCI_VENDOR_ID, 4));
		ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
		EXPECT_EQ(0, virtio_get(virtio, device_status));
		vdev_master(dev, true);
		ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
		virtio_fill(virtio, VIRTIO_SIZE / 2);
		EXPECT_TRUE(virtio_peer_mac(virtio, peer));
	}
}

TEST_HARNESS_MAIN
