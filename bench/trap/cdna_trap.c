// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a trap costs, seen from inside a guest: drives one transmit queue of its
 * context through the ABI and times each way to enqueue, beside a bare exit and
 * a virtio kick. It measures when it is loaded and logs a line per case:
 *
 *   result NAME DESCRIPTORS MINIMUM MEDIAN P99	in ticks of the TSC
 *
 * and, to compare two cases, a line per case and round:
 *
 *   round ROUND NAME DESCRIPTORS MEDIAN
 *
 * Frames really go out. Each sample begins when the NIC has used all that was
 * posted before, so a trap releases the pages of as many descriptors as it
 * takes, which is the steady state. In each round the cases take many short
 * turns, so that a load that comes and goes on the machine falls on all of them
 * alike. A turn is longer than one sample, because the first of a turn find
 * cold what the case before did not use: they are not recorded.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sort.h>
#include <linux/unaligned.h>
#include <linux/virtio_pci.h>
#include <linux/vmalloc.h>
#include <asm/msr.h>

#include <cdna/vdev.h>

#define TRAP_ROUNDS		50
#define TRAP_TURNS		10	/* of each case in a round */
#define TRAP_PER_TURN		20
#define TRAP_PER_ROUND		(TRAP_TURNS * TRAP_PER_TURN)
#define TRAP_SAMPLES		(TRAP_ROUNDS * TRAP_PER_ROUND)
#define TRAP_WARM_UP		5	/* of each turn, not recorded */
#define TRAP_SLOTS		1024
#define TRAP_BUFFERS		64	/* each on a page of its own */
#define TRAP_QUEUE		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define TRAP_TIMEOUT_US		USEC_PER_SEC

#define VIRTIO_ID_RNG		0x1044

/**
 * struct trap_bench - what is measured
 * @pdev: the context
 * @mbox: its mailbox page
 * @regs: its register page
 * @kick: where virtio-rng is told about its queue, or NULL
 * @status: written by the NIC
 * @tails: read by the host
 * @doorbell: watched by the host
 * @ring: shadow ring
 * @buf: DMA address of each frame
 * @prod: free-running index one past the last descriptor posted
 */
struct trap_bench {
	struct pci_dev *pdev;
	void __iomem *mbox;
	void __iomem *regs;
	void __iomem *kick;
	struct cdna_qp_status *status;
	struct cdna_tail_page *tails;
	u32 *doorbell;
	struct cdna_desc_compact *ring;
	dma_addr_t buf[TRAP_BUFFERS];
	u32 prod;
};

/**
 * struct trap_case - a way to do something
 * @name: one word
 * @descs: descriptors posted before each sample
 * @frame: a frame is sent before each sample, as one is after each that posts
 * @run: what is timed
 */
struct trap_case {
	const char *name;
	u32 descs;
	bool frame;
	void (*run)(struct trap_bench *bench);
};

static void trap_nothing(struct trap_bench *bench) {}

/* Its helpers have moved between kernels. */
static void trap_exit(struct trap_bench *bench)
{
	u32 a = 0, b, c = 0, d;

	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
}

static void trap_store_tail(struct trap_bench *bench)
{
	/* Pairs with the host's read of the tail, after which it reads the ring */
	smp_store_release(&bench->tails->tail[TRAP_QUEUE],
			  cpu_to_le32(bench->prod));
}

static void trap_register(struct trap_bench *bench)
{
	trap_store_tail(bench);
	writel(0, bench->regs + CDNA_VREG_TRAP);
}

static void trap_doorbell(struct trap_bench *bench)
{
	trap_store_tail(bench);
	WRITE_ONCE(*bench->doorbell, bench->prod);
}

static void trap_mailbox(struct trap_bench *bench)
{
	writel(bench->prod, bench->mbox +
	       CDNA_MBOX_OFFSET(CDNA_MBOX(0, CDNA_MBOX_TX_PROD)));
}

static void trap_kick(struct trap_bench *bench)
{
	writew(0, bench->kick);
}

static const struct trap_case trap_cases[] = {
	{ "nothing", 0, false, trap_nothing },
	{ "exit", 0, false, trap_exit },
	{ "exit-after-frame", 0, true, trap_exit },
	{ "register", 1, false, trap_register },
	{ "doorbell", 1, false, trap_doorbell },
	{ "doorbell", 2, false, trap_doorbell },
	{ "doorbell", 4, false, trap_doorbell },
	{ "doorbell", 8, false, trap_doorbell },
	{ "doorbell", 16, false, trap_doorbell },
	{ "doorbell", 32, false, trap_doorbell },
	{ "doorbell", 64, false, trap_doorbell },
	{ "mailbox", 0, false, trap_mailbox },
	{ "virtio", 0, false, trap_kick },
};

static void trap_post(struct trap_bench *bench, u32 descs)
{
	struct cdna_desc_compact *desc;

	for (; descs; descs--, bench->prod++) {
		desc = &bench->ring[bench->prod % TRAP_SLOTS];
		desc->addr = cpu_to_le64(bench->buf[bench->prod %
						    TRAP_BUFFERS]);
		desc->len = cpu_to_le16(ETH_ZLEN);
		desc->flags = cpu_to_le16(CDNA_DESC_EOP);
		desc->seq = 0;
		desc->reserved = 0;
	}
}

/* Until the NIC has sent everything; it publishes to the host first. */
static int trap_wait(struct trap_bench *bench)
{
	u32 cons;

	return read_poll_timeout_atomic(le32_to_cpu, cons,
					cons == bench->prod, 0,
					TRAP_TIMEOUT_US, false,
					READ_ONCE(bench->status->tx_cons));
}

/* Have the NIC send what was enqueued. */
static int trap_send(struct trap_bench *bench)
{
	trap_mailbox(bench);
	return trap_wait(bench);
}

static int trap_sample(struct trap_bench *bench, const struct trap_case *c,
		       u32 *ticks)
{
	u64 start, end;
	int ret = 0;

	if (c->frame) {
		trap_post(bench, 1);
		trap_doorbell(bench);
		ret = trap_send(bench);
	}
	trap_post(bench, c->descs);
	start = rdtsc_ordered();
	c->run(bench);
	end = rdtsc_ordered();
	*ticks = min_t(u64, end - start, U32_MAX);
	if (c->descs)
		ret = trap_send(bench);
	cond_resched();
	return ret;
}

static int trap_turn(struct trap_bench *bench, const struct trap_case *c,
		     u32 *ticks)
{
	u32 i, ignored;
	int ret = 0;

	for (i = 0; i < TRAP_WARM_UP && !ret; i++)
		ret = trap_sample(bench, c, &ignored);
	for (i = 0; i < TRAP_PER_TURN && !ret; i++)
		ret = trap_sample(bench, c, &ticks[i]);
	return ret;
}

/* @ticks is the round's part of the first case's. */
static int trap_round(struct trap_bench *bench, u32 *ticks)
{
	u32 turn, i;
	int ret = 0;

	for (turn = 0; turn < TRAP_TURNS; turn++)
		for (i = 0; i < ARRAY_SIZE(trap_cases) && !ret; i++)
			ret = trap_turn(bench, &trap_cases[i], ticks +
					i * TRAP_SAMPLES +
					turn * TRAP_PER_TURN);
	return ret;
}

static int trap_compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static void trap_log_round(struct trap_bench *bench, const struct trap_case *c,
			   u32 round, u32 *ticks)
{
	sort(ticks, TRAP_PER_ROUND, sizeof(*ticks), trap_compare, NULL);
	dev_info(&bench->pdev->dev, "round %u %s %u %u\n", round, c->name,
		 c->descs, ticks[TRAP_PER_ROUND / 2]);
}

static void trap_log(struct trap_bench *bench, const struct trap_case *c,
		     u32 *ticks)
{
	u32 round;

	for (round = 0; round < TRAP_ROUNDS; round++)
		trap_log_round(bench, c, round, ticks + round * TRAP_PER_ROUND);
	sort(ticks, TRAP_SAMPLES, sizeof(*ticks), trap_compare, NULL);
	dev_info(&bench->pdev->dev, "result %s %u %u %u %u\n", c->name,
		 c->descs, ticks[0], ticks[TRAP_SAMPLES / 2],
		 ticks[TRAP_SAMPLES * 99 / 100]);
}

static u32 trap_load(struct trap_bench *bench, u32 reg)
{
	return readl(bench->regs + reg);
}

static u32 trap_report(struct trap_bench *bench, u32 offset)
{
	return trap_load(bench, CDNA_VREG_REPORT_OF(TRAP_QUEUE) + offset);
}

#define trap_report_field(bench, field) \
	trap_report(bench, offsetof(struct cdna_vdev_report, field))

static int trap_measure(struct trap_bench *bench)
{
	u32 round, i, *ticks;
	int ret = 0;

	ticks = vmalloc(array3_size(ARRAY_SIZE(trap_cases), TRAP_SAMPLES,
				    sizeof(*ticks)));
	if (!ticks)
		return -ENOMEM;
	for (round = 0; round < TRAP_ROUNDS && !ret; round++)
		ret = trap_round(bench, ticks + round * TRAP_PER_ROUND);
	for (i = 0; i < ARRAY_SIZE(trap_cases) && !ret; i++)
		trap_log(bench, &trap_cases[i], ticks + i * TRAP_SAMPLES);
	vfree(ticks);

	dev_info(&bench->pdev->dev,
		 "frames %u accepted %u sent %u state %u fault %u\n",
		 bench->prod, trap_report_field(bench, accepted),
		 le32_to_cpu(READ_ONCE(bench->status->tx_cons)),
		 trap_report_field(bench, state),
		 trap_report_field(bench, fault));
	return ret;
}

static void trap_store64(struct trap_bench *bench, u32 reg_lo, u64 value)
{
	writel(lower_32_bits(value), bench->regs + reg_lo);
	writel(upper_32_bits(value), bench->regs + reg_lo + 4);
}

static int trap_command(struct trap_bench *bench, u32 command)
{
	u32 result;

	writel(command, bench->regs + CDNA_VREG_COMMAND);
	result = trap_load(bench, CDNA_VREG_RESULT);
	if (!result)
		return 0;
	dev_err(&bench->pdev->dev, "command %u: result %u\n", command, result);
	return -EIO;
}

/* Frames of an experimental protocol to nobody: the wire's other end drops
 * them.
 */
static int trap_make_frames(struct trap_bench *bench)
{
	struct ethhdr *frame;
	u8 mac[8];
	u32 i;

	put_unaligned_le32(trap_load(bench, CDNA_VREG_MAC_LO), mac);
	put_unaligned_le32(trap_load(bench, CDNA_VREG_MAC_HI), mac + 4);
	for (i = 0; i < TRAP_BUFFERS; i++) {
		frame = dmam_alloc_coherent(&bench->pdev->dev, CDNA_PAGE_SIZE,
					    &bench->buf[i], GFP_KERNEL);
		if (!frame)
			return -ENOMEM;
		eth_random_addr(frame->h_dest);
		ether_addr_copy(frame->h_source, mac);
		frame->h_proto = htons(ETH_P_802_EX1);
	}
	return 0;
}

static int trap_activate(struct trap_bench *bench)
{
	const u32 wanted = CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE;
	struct device *dev = &bench->pdev->dev;
	dma_addr_t status, tails, doorbell;

	if ((trap_load(bench, CDNA_VREG_FEATURES) & wanted) != wanted) {
		dev_err(dev, "the host offers no doorbell page\n");
		return -EOPNOTSUPP;
	}
	bench->status = dmam_alloc_coherent(dev, CDNA_PAGE_SIZE, &status,
					    GFP_KERNEL);
	bench->tails = dmam_alloc_coherent(dev, CDNA_PAGE_SIZE, &tails,
					   GFP_KERNEL);
	bench->doorbell = dmam_alloc_coherent(dev, CDNA_PAGE_SIZE, &doorbell,
					      GFP_KERNEL);
	if (!bench->status || !bench->tails || !bench->doorbell)
		return -ENOMEM;

	writel(wanted, bench->regs + CDNA_VREG_ARG_FEATURES);
	trap_store64(bench, CDNA_VREG_ARG_STATUS_LO, status);
	trap_store64(bench, CDNA_VREG_ARG_TAILS_LO, tails);
	trap_store64(bench, CDNA_VREG_ARG_DOORBELL_LO, doorbell);
	return trap_command(bench, CDNA_VCMD_ACTIVATE);
}

static int trap_create_queue(struct trap_bench *bench)
{
	dma_addr_t ring;

	bench->ring = dmam_alloc_coherent(&bench->pdev->dev,
					  TRAP_SLOTS * sizeof(*bench->ring),
					  &ring, GFP_KERNEL);
	if (!bench->ring)
		return -ENOMEM;
	writel(TRAP_QUEUE, bench->regs + CDNA_VREG_ARG_QUEUE);
	writel(CDNA_FORMAT_COMPACT, bench->regs + CDNA_VREG_ARG_FORMAT);
	writel(TRAP_SLOTS, bench->regs + CDNA_VREG_ARG_SLOTS);
	writel(0, bench->regs + CDNA_VREG_ARG_OFFLOADS);
	trap_store64(bench, CDNA_VREG_ARG_RING_LO, ring);
	return trap_command(bench, CDNA_VCMD_QUEUE_CREATE);
}

/* The notification address of virtio-rng's queue: a store there is a kick
 * that its driver did not mean, which the device bears.
 */
static int trap_find_kick(struct trap_bench *bench)
{
	struct pci_dev *rng = pci_get_device(PCI_VENDOR_ID_REDHAT_QUMRANET,
					     VIRTIO_ID_RNG, NULL);
	u32 offset;
	u8 at, type, bar;

	if (!rng)
		return -ENODEV;
	for (at = pci_find_capability(rng, PCI_CAP_ID_VNDR); at;
	     at = pci_find_next_capability(rng, at, PCI_CAP_ID_VNDR)) {
		pci_read_config_byte(rng, at + VIRTIO_PCI_CAP_CFG_TYPE, &type);
		if (type != VIRTIO_PCI_CAP_NOTIFY_CFG)
			continue;
		pci_read_config_byte(rng, at + VIRTIO_PCI_CAP_BAR, &bar);
		pci_read_config_dword(rng, at + VIRTIO_PCI_CAP_OFFSET,
				      &offset);
		bench->kick = devm_ioremap(&bench->pdev->dev,
					   pci_resource_start(rng, bar) +
					   offset, sizeof(u32));
		break;
	}
	pci_dev_put(rng);
	return bench->kick ? 0 : -ENODEV;
}

static int trap_map(struct trap_bench *bench)
{
	struct pci_dev *pdev = bench->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	bench->mbox = pcim_iomap(pdev, CDNA_VDEV_BAR_MAILBOX, 0);
	bench->regs = pcim_iomap(pdev, CDNA_VDEV_BAR_REGS, 0);
	if (!bench->mbox || !bench->regs)
		return -ENOMEM;
	if (trap_load(bench, CDNA_VREG_MAGIC) != CDNA_VDEV_MAGIC ||
	    trap_load(bench, CDNA_VREG_ABI) != CDNA_VDEV_ABI_VERSION)
		return -ENODEV;
	return trap_find_kick(bench);
}

static int trap_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct trap_bench *bench;
	int ret;

	bench = devm_kzalloc(&pdev->dev, sizeof(*bench), GFP_KERNEL);
	if (!bench)
		return -ENOMEM;
	bench->pdev = pdev;
	ret = trap_map(bench);
	if (!ret)
		ret = trap_make_frames(bench);
	if (!ret)
		ret = trap_activate(bench);
	if (!ret)
		ret = trap_create_queue(bench);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "cannot start\n");

	ret = trap_measure(bench);
	if (!ret)
		ret = trap_command(bench, CDNA_VCMD_QUEUE_DRAIN);
	/* No DMA reaches the pages once the queue and they are forgotten. */
	trap_command(bench, CDNA_VCMD_RESET);
	dev_info(&pdev->dev, "finished %d\n", ret);
	return ret;
}

static const struct pci_device_id trap_ids[] = {
	{ PCI_DEVICE(CDNA_PCI_VENDOR_ID, CDNA_PCI_DEVICE_ID_CONTEXT) },
	{}
};
MODULE_DEVICE_TABLE(pci, trap_ids);

static struct pci_driver trap_driver = {
	.name = "cdna_trap",
	.id_table = trap_ids,
	.probe = trap_probe,
};
module_pci_driver(trap_driver);

MODULE_DESCRIPTION("Cost of a CDNA trap, measured in a guest");
MODULE_LICENSE("GPL");
