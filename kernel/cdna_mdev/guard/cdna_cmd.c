// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands for contexts and their queues: each function fills in one command and
 * runs it. Their arguments have been checked before; the NIC checks them again.
 *
 * All of them wait for the NIC. Most return 0, or an error as described at struct
 * cdna_provider_ops. Those that end something return nothing: when they return, it
 * has ended, because the NIC said so, or because it is dead and cut off. A NIC that
 * refuses to end something is declared dead: nobody knows what it still uses.
 */
#include <linux/array_size.h>
#include <linux/etherdevice.h>
#include <linux/log2.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_vring.h"
#include "guard/cdna_verdict.h"

static_assert(sizeof_field(struct cdna_admin_filter, mc_hash) ==
	      CDNA_CMD_MC_WORDS * sizeof(__le64));

static int cmd_run(struct cdna_domain *domain, struct cdna_admin_cmd *cmd,
		   struct cdna_admin_completion *done)
{
	struct cdna_provider *nic = domain->nic;

	might_sleep();
	cmd->context = cpu_to_le16(domain->id);
	return nic->ops->command(nic, cmd, done);
}

/* A command that the NIC has no reason to refuse: the caller releases afterwards
 * what the NIC used before.
 */
static void cmd_must(struct cdna_domain *domain, struct cdna_admin_cmd *cmd)
{
	struct cdna_provider *nic = domain->nic;
	int ret = cmd_run(domain, cmd, NULL);

	if (ret && ret != -ENODEV)
		nic->ops->fail(nic, "it refuses to stop a queue or a context");
}

/* One of them without arguments */
static void cmd_end(struct cdna_domain *domain, u16 opcode)
{
	struct cdna_admin_cmd cmd = { .opcode = cpu_to_le16(opcode) };

	cmd_must(domain, &cmd);
}

/**
 * cdna_cmd_ctx_configure - give the NIC's context its address
 * @domain: the context, which is FREE to the NIC
 * @address: what it is known by
 *
 * Return: 0 or an error.
 */
int cdna_cmd_ctx_configure(struct cdna_domain *domain,
			   const struct cdna_address *address)
{
	u32 flags = (address->trunk ? CDNA_CTXF_TRUNK : 0) |
		    (address->trusted ? CDNA_CTXF_ALLOW_SPOOF : 0) |
		    (address->promisc ? CDNA_CTXF_ALLOW_PROMISC : 0);
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_CONFIGURE),
		.configure = {
			.access_vlan = cpu_to_le16(address->access_vlan),
			.flags = cpu_to_le32(flags),
		},
	};

	ether_addr_copy(cmd.configure.mac, address->mac);
	return cmd_run(domain, &cmd, NULL);
}

/**
 * cdna_cmd_ctx_activate - start serving a context
 * @domain: the context
 * @status_dma: DMA address of its status page
 *
 * Return: 0 or an error.
 */
int cdna_cmd_ctx_activate(struct cdna_domain *domain, u64 status_dma)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_ACTIVATE),
		.activate.status_addr = cpu_to_le64(status_dma),
	};

	return cmd_run(domain, &cmd, NULL);
}

static int cmd_ctx(struct cdna_domain *domain, u16 opcode)
{
	struct cdna_admin_cmd cmd = { .opcode = cpu_to_le16(opcode) };

	return cmd_run(domain, &cmd, NULL);
}

/**
 * cdna_cmd_ctx_quiesce - pause a context
 * @domain: the context; its NIC can resume it
 *
 * When it returns 0, the NIC uses no memory of the guest until it goes on. It waits for
 * no wire: a drain of one of its queues ends.
 *
 * Return: 0 or an error: the context is not ACTIVE, and cannot be resumed.
 */
int cdna_cmd_ctx_quiesce(struct cdna_domain *domain)
{
	return cmd_ctx(domain, CDNA_CMD_CTX_QUIESCE);
}

/**
 * cdna_cmd_ctx_resume - resume it
 * @domain: the context
 *
 * Return: 0 or an error.
 */
int cdna_cmd_ctx_resume(struct cdna_domain *domain)
{
	return cmd_ctx(domain, CDNA_CMD_CTX_RESUME);
}

/**
 * cdna_cmd_ctx_reset - destroy all queues of a context
 * @domain: the context
 */
void cdna_cmd_ctx_reset(struct cdna_domain *domain)
{
	cmd_end(domain, CDNA_CMD_CTX_RESET);
}

/**
 * cdna_cmd_ctx_revoke - the same, and take its addresses away (I6)
 * @domain: the context
 */
void cdna_cmd_ctx_revoke(struct cdna_domain *domain)
{
	cmd_end(domain, CDNA_CMD_CTX_REVOKE);
}

/**
 * cdna_cmd_ctx_release - the context is FREE to the NIC again
 * @domain: the context
 *
 * The NIC clears its partition: nothing of one guest is left to the next.
 */
void cdna_cmd_ctx_release(struct cdna_domain *domain)
{
	cmd_end(domain, CDNA_CMD_CTX_RELEASE);
}

/**
 * cdna_cmd_ctx_is_faulted - ask whether the NIC has stopped a context
 * @domain: the context
 *
 * Return: true if it reports that.
 */
bool cdna_cmd_ctx_is_faulted(struct cdna_domain *domain)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_QUERY),
	};
	struct cdna_admin_completion done;

	return !cmd_run(domain, &cmd, &done) &&
	       done.ctx.state == CDNA_CTX_FAULTED;
}

/**
 * cdna_cmd_ctx_spread - choose which queue pairs of a context receive
 * @domain: the context
 * @qps: bit per queue pair, not zero
 *
 * Return: 0 or an error.
 */
int cdna_cmd_ctx_spread(struct cdna_domain *domain, u8 qps)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_SPREAD),
		.spread.qps = qps,
	};

	return cmd_run(domain, &cmd, NULL);
}

static int cmd_mac(struct cdna_domain *domain, u16 opcode, const u8 *mac)
{
	struct cdna_admin_cmd cmd = { .opcode = cpu_to_le16(opcode) };

	ether_addr_copy(cmd.mac.mac, mac);
	return cmd_run(domain, &cmd, NULL);
}

/**
 * cdna_cmd_mac_add - give a context one more MAC address
 * @domain: the context
 * @mac: the address
 *
 * Return: 0 or an error.
 */
int cdna_cmd_mac_add(struct cdna_domain *domain, const u8 *mac)
{
	return cmd_mac(domain, CDNA_CMD_MAC_ADD, mac);
}

/**
 * cdna_cmd_mac_del - take one away that was added
 * @domain: the context
 * @mac: the address
 *
 * Return: 0 or an error.
 */
int cdna_cmd_mac_del(struct cdna_domain *domain, const u8 *mac)
{
	return cmd_mac(domain, CDNA_CMD_MAC_DEL, mac);
}

/**
 * cdna_cmd_set_filter - which frames for many a context takes
 * @domain: the context
 * @flags: CDNA_FILTER_*
 * @mc_hash: CDNA_CMD_MC_WORDS words of the multicast hash; NULL for none
 *
 * Return: 0 or an error.
 */
int cdna_cmd_set_filter(struct cdna_domain *domain, u32 flags,
			const u64 *mc_hash)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_FILTER),
		.filter.flags = cpu_to_le32(flags),
	};
	u32 i;

	for (i = 0; mc_hash && i < CDNA_CMD_MC_WORDS; i++)
		cmd.filter.mc_hash[i] = cpu_to_le64(mc_hash[i]);
	return cmd_run(domain, &cmd, NULL);
}

/**
 * cdna_cmd_set_coalesce - moderate the interrupts of a queue pair
 * @domain: the context
 * @qp: queue pair
 * @usecs: longest wait
 * @frames: most frames of one interrupt
 *
 * Return: 0 or an error.
 */
int cdna_cmd_set_coalesce(struct cdna_domain *domain, u8 qp, u32 usecs,
			  u32 frames)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_COALESCE),
		.coalesce = {
			.qp = qp,
			.usecs = cpu_to_le32(usecs),
			.frames = cpu_to_le32(frames),
		},
	};

	return cmd_run(domain, &cmd, NULL);
}

/**
 * cdna_cmd_set_limits - bound what a context transmits and receives
 * @domain: the context
 * @limits: what it may, and can count on
 *
 * Return: 0 or an error.
 */
int cdna_cmd_set_limits(struct cdna_domain *domain,
			const struct cdna_limits *limits)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_LIMITS),
		.limits = {
			.tx_mbps = cpu_to_le32(limits->tx_max_mbps),
			.storm_fps = cpu_to_le32(limits->storm_fps),
			.tx_min_mbps = cpu_to_le32(limits->tx_min_mbps),
			.rx_mbps = cpu_to_le32(limits->rx_max_mbps),
		},
	};

	return cmd_run(domain, &cmd, NULL);
}

/**
 * cdna_cmd_queue_create - have the NIC serve a queue
 * @queue: the queue, with its memory and its first sequence number
 * @offloads: CDNA_OFFLOAD_* that its descriptors may ask for
 *
 * Return: 0 or an error.
 */
int cdna_cmd_queue_create(struct cdna_queue *queue, u32 offloads)
{
	/* It has been made by the caller. */
	const struct cdna_vring *vring =
		rcu_dereference_protected(queue->vring, true);
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_QUEUE_CREATE),
		.queue = {
			.qp = queue->qp,
			.dir = queue->dir,
			.format = queue->layout->id,
			.size_log2 = ilog2(queue->slots),
			.offloads = cpu_to_le32(offloads),
			.first_seq = cpu_to_le32(queue->seq),
			.ring.addr = cpu_to_le64(queue->ring_dma),
		},
	};

	if (queue->comp_list) {
		cmd.queue.completions = (struct cdna_ring_ref) {
			.addr = cpu_to_le64(queue->comp_list_dma),
			.pages = cpu_to_le16(queue->comp_span.pages),
			.flags = cpu_to_le16(CDNA_RING_PAGE_LIST),
		};
	}
	if (vring) {
		cmd.queue.used_offset = cpu_to_le16(vring->used_offset);
		cmd.queue.used_slots = cpu_to_le16(vring->virtq.size);
		cmd.queue.used_index = cpu_to_le16(vring->virtq.next);
	}
	return cmd_run(queue->domain, &cmd, NULL);
}

/**
 * cdna_cmd_drain - have the NIC send what was posted in some queues, then stop them
 * @domain: the context
 * @dir: direction of the queues
 * @qps: bit per queue pair; no more is posted in these meanwhile
 *
 * All at the same time, and for up to CDNA_DRAIN_MS.
 *
 * Return: 0 or an error; then drains may go on until their queues are destroyed.
 */
int cdna_cmd_drain(struct cdna_domain *domain, u8 dir, unsigned long qps)
{
	struct cdna_provider *nic = domain->nic;

	might_sleep();
	return qps ? nic->ops->drain(nic, domain->id, dir, qps) : 0;
}

/**
 * cdna_cmd_queue_destroy - have the NIC forget a queue
 * @queue: the queue
 *
 * When it returns, the NIC no longer reaches the queue's memory.
 */
void cdna_cmd_queue_destroy(struct cdna_queue *queue)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_QUEUE_DESTROY),
		.queue = { .qp = queue->qp, .dir = queue->dir },
	};

	cmd_must(queue->domain, &cmd);
}

/**
 * cdna_cmd_queue_query - ask the NIC how far a queue is
 * @queue: the queue
 * @info: filled in, as the NIC says it
 *
 * Return: 0 or an error.
 */
int cdna_cmd_queue_query(struct cdna_queue *queue, struct cdna_queue_info *info)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_QUEUE_QUERY),
		.queue = { .qp = queue->qp, .dir = queue->dir },
	};
	struct cdna_admin_completion done = {};
	int ret = cmd_run(queue->domain, &cmd, &done);

	*info = done.queue;
	return ret;
}

/**
 * cdna_cmd_queue_is_faulted - ask whether the NIC has stopped a queue
 * @queue: the queue
 *
 * Return: true if it reports that.
 */
bool cdna_cmd_queue_is_faulted(struct cdna_queue *queue)
{
	struct cdna_queue_info info;

	return !cdna_cmd_queue_query(queue, &info) &&
	       info.state == CDNA_QUEUE_FAULTED;
}
