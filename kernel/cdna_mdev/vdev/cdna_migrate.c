// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration of a device by VFIO, version 2. A device of ours is "reset on resume": what
 * travels is what the guest relies on and what it has written; rings and queues do not. At
 * the destination the device is as after a reset, and its guest is interrupted, finds
 * that, and sets its queues up again. So it does not matter which NIC is there. A virtio
 * device takes along how far its rings are, too, and goes on there (cdna_virtio_move.c).
 *
 *	RUNNING <------> RUNNING_P2P <------> STOP <------> RESUMING
 *	   ^       still      ^                ^       load
 *	   | save             | save           | save
 *	   v                  v                v
 *	PRE_COPY <----> PRE_COPY_P2P ----> STOP_COPY
 *	           still            complete
 *
 * Every stop and start of a machine passes through these states, so a stop must not
 * lose anything (cdna_pause.c).
 */
#include <linux/array_size.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>

#include "cdna_provider.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_formats.h"
#include "vdev/cdna_activate.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_migrate.h"
#include "vdev/cdna_migrate_file.h"
#include "vdev/cdna_pause.h"
#include "vdev/cdna_table.h"
#include "vdev/cdna_trigger.h"
#include "vdev/cdna_virtio.h"
#include "vdev/cdna_virtio_announce.h"
#include "vdev/cdna_virtio_move.h"

#define MIGRATE_MESSAGE	(60 * HZ)	/* from one of a device to its next */

static_assert(CDNA_MIG_ARGS == CDNA_VREG_ARGS);

static struct cdna_ctx *migrate_ctx(struct vfio_device *vfio)
{
	return container_of(vfio, struct cdna_ctx, vfio);
}

static u32 migrate_formats(const struct cdna_formats *formats)
{
	u32 i, bits = 0;

	for (i = 0; i < formats->count; i++)
		bits |= 1u << (formats->format[i].id % 32);
	return bits;
}

static void migrate_relies(struct cdna_ctx *ctx,
			   struct cdna_mig_header *header)
{
	const struct cdna_nic_info *info = &ctx->domain.nic->info;

	header->abi = cpu_to_le32(CDNA_VDEV_ABI_VERSION);
	header->features = cpu_to_le32(cdna_activate_offers(ctx));
	header->offloads = cpu_to_le32(info->offloads & ~CDNA_OFFLOAD_RX_CHAINS);
	header->formats = cpu_to_le32(migrate_formats(&ctx->table->formats));
	header->qps = cpu_to_le32(info->qps);
	header->min_ring = cpu_to_le32(info->min_ring);
	header->max_ring = cpu_to_le32(info->max_ring);
	header->mtu = cpu_to_le32(info->mtu);
	header->max_coalesce_usecs = cpu_to_le32(info->max_coalesce_usecs);
}

/* What this device would send: also what it takes */
static void migrate_header(struct cdna_ctx *ctx, struct cdna_mig_header *header)
{
	cdna_mig_header_begin(header, ctx->virtio ? CDNA_MIG_KIND_VIRTIO :
						    CDNA_MIG_KIND_CDNA);
	mutex_lock(&ctx->domain.lock);
	ether_addr_copy(header->mac, ctx->address.mac);
	header->access_vlan = cpu_to_le32(ctx->address.access_vlan);
	header->flags = cpu_to_le32(ctx->address.trunk ? CDNA_MIG_TRUNK : 0);
	mutex_unlock(&ctx->domain.lock);
	if (ctx->virtio)
		cdna_virtio_move_header(ctx, header);
	else
		migrate_relies(ctx, header);
}

static void migrate_cdna_out(const struct cdna_ctx *ctx,
			     struct cdna_mig_body *body)
{
	u32 i;

	*body = (struct cdna_mig_body) {
		.result = cpu_to_le32(ctx->result),
	};
	memcpy(body->config, ctx->config.byte, sizeof(body->config));
	for (i = 0; i < CDNA_MIG_ARGS; i++)
		body->arg[i] = cpu_to_le32(ctx->arg[i]);
}

/* Return: a body, to be freed by kfree(), or an error */
static union cdna_mig_any *migrate_body(struct cdna_ctx *ctx)
{
	union cdna_mig_any *body = kzalloc(sizeof(*body), GFP_KERNEL_ACCOUNT);
	int ret = 0;

	if (!body)
		return ERR_PTR(-ENOMEM);
	if (ctx->virtio)
		ret = cdna_virtio_move_out(ctx, &body->virtio);
	else
		migrate_cdna_out(ctx, &body->cdna);
	if (!ret)
		return body;
	kfree(body);
	return ERR_PTR(ret);
}

static struct file *migrate_open(struct cdna_ctx *ctx,
				 struct cdna_mig_file *file)
{
	if (IS_ERR(file))
		return ERR_CAST(file);
	ctx->migrate.file = file;
	return cdna_mig_file_get(file);
}

/* Steps from one state to the next. Each returns a file, NULL, or an error, with which
 * the device stays in the state where it is.
 */

static struct file *migrate_nothing(struct cdna_ctx *ctx)
{
	return NULL;
}

static struct file *migrate_pause(struct cdna_ctx *ctx)
{
	cdna_pause_begin(ctx);
	return NULL;
}

/* The guest of a device that has moved learns it here: its vectors are set up. A virtio
 * device begins to work; its guest learns that it was away, moved or not.
 */
static struct file *migrate_resume(struct cdna_ctx *ctx)
{
	cdna_pause_end(ctx);
	if (ctx->migrate.loaded && ctx->virtio)
		cdna_virtio_go_on(ctx);
	else if (ctx->migrate.loaded)
		cdna_trigger_event(ctx);
	ctx->migrate.loaded = false;
	/* It has what a stream has claimed, or needs a reset. */
	cdna_guest_mac_unclaim(ctx);
	if (ctx->virtio)
		cdna_virtio_announce(ctx);
	return NULL;
}

static struct file *migrate_announce(struct cdna_ctx *ctx)
{
	struct cdna_mig_header header;

	migrate_header(ctx, &header);
	return migrate_open(ctx, cdna_mig_file_save(&header, NULL));
}

static struct file *migrate_save(struct cdna_ctx *ctx)
{
	union cdna_mig_any *body = migrate_body(ctx);
	struct cdna_mig_header header;
	struct file *file;

	if (IS_ERR(body))
		return ERR_CAST(body);
	migrate_header(ctx, &header);
	file = migrate_open(ctx, cdna_mig_file_save(&header, body));
	kfree(body);
	return file;
}

static struct file *migrate_complete(struct cdna_ctx *ctx)
{
	union cdna_mig_any *body = migrate_body(ctx);

	if (IS_ERR(body))
		return ERR_CAST(body);
	cdna_mig_file_complete(ctx->migrate.file, body);
	kfree(body);
	return NULL;
}

static struct file *migrate_close(struct cdna_ctx *ctx)
{
	cdna_mig_file_end(ctx->migrate.file);
	ctx->migrate.file = NULL;
	return NULL;
}

static struct file *migrate_listen(struct cdna_ctx *ctx)
{
	struct cdna_mig_header header;

	migrate_header(ctx, &header);
	return migrate_open(ctx, cdna_mig_file_load(&header, ctx));
}

static void migrate_cdna_in(struct cdna_ctx *ctx,
			    const struct cdna_mig_body *body)
{
	u32 i;

	for (i = 0; i < CDNA_MIG_ARGS; i++)
		ctx->arg[i] = le32_to_cpu(body->arg[i]);
	memset(ctx->rss_arg, 0, sizeof(ctx->rss_arg));
	ctx->result = le32_to_cpu(body->result);
}

/* A device that has queues already loses them. */
static void migrate_take(struct cdna_ctx *ctx, const struct cdna_config *config,
			 const union cdna_mig_any *body)
{
	cdna_ctx_reset(ctx);
	ctx->config = *config;
	if (ctx->virtio)
		cdna_virtio_move_in(ctx, &body->virtio);
	else
		migrate_cdna_in(ctx, &body->cdna);
	cdna_ctx_set_master(ctx, cdna_config_masters(config));
	ctx->migrate.loaded = true;
}

static struct file *migrate_load(struct cdna_ctx *ctx)
{
	struct cdna_config config;
	union cdna_mig_any *body;
	int ret;

	body = kzalloc(sizeof(*body), GFP_KERNEL_ACCOUNT);
	if (!body)
		return ERR_PTR(-ENOMEM);
	ret = cdna_mig_file_take(ctx->migrate.file, &config, body);
	if (!ret)
		migrate_take(ctx, &config, body);
	kfree(body);
	return ret ? ERR_PTR(ret) : migrate_close(ctx);
}

#define AT(state)	VFIO_DEVICE_STATE_##state

typedef struct file *(*migrate_step_fn)(struct cdna_ctx *ctx);

/* Those that vfio_mig_get_next_state() gives */
static const migrate_step_fn
migrate_steps[VFIO_DEVICE_STATE_NR][VFIO_DEVICE_STATE_NR] = {
	[AT(RUNNING)][AT(RUNNING_P2P)] = migrate_pause,
	[AT(RUNNING_P2P)][AT(RUNNING)] = migrate_resume,
	[AT(RUNNING_P2P)][AT(STOP)] = migrate_nothing,
	[AT(STOP)][AT(RUNNING_P2P)] = migrate_nothing,
	[AT(RUNNING)][AT(PRE_COPY)] = migrate_announce,
	[AT(PRE_COPY)][AT(RUNNING)] = migrate_close,
	[AT(RUNNING_P2P)][AT(PRE_COPY_P2P)] = migrate_announce,
	[AT(PRE_COPY_P2P)][AT(RUNNING_P2P)] = migrate_close,
	[AT(PRE_COPY)][AT(PRE_COPY_P2P)] = migrate_pause,
	[AT(PRE_COPY_P2P)][AT(PRE_COPY)] = migrate_resume,
	[AT(PRE_COPY_P2P)][AT(STOP_COPY)] = migrate_complete,
	[AT(STOP)][AT(STOP_COPY)] = migrate_save,
	[AT(STOP_COPY)][AT(STOP)] = migrate_close,
	[AT(STOP)][AT(RESUMING)] = migrate_listen,
	[AT(RESUMING)][AT(STOP)] = migrate_load,
};

static struct file *migrate_step(struct cdna_ctx *ctx,
				 enum vfio_device_mig_state to)
{
	enum vfio_device_mig_state from = ctx->migrate.state;
	struct file *file;

	if (!migrate_steps[from][to])
		return ERR_PTR(-EINVAL);
	file = migrate_steps[from][to](ctx);
	if (!IS_ERR(file))
		ctx->migrate.state = to;
	return file;
}

/* What a virtio device has no part in, if its rings cannot begin anywhere. Its machine does not
 * stop for it.
 */
static bool migrate_streams(enum vfio_device_mig_state to)
{
	return to != VFIO_DEVICE_STATE_RUNNING &&
	       to != VFIO_DEVICE_STATE_RUNNING_P2P &&
	       to != VFIO_DEVICE_STATE_STOP;
}

/* A step that gives a file is the last one on each way. */
static struct file *migrate_set_state(struct vfio_device *vfio,
				      enum vfio_device_mig_state to)
{
	struct cdna_ctx *ctx = migrate_ctx(vfio);
	enum vfio_device_mig_state next;
	struct file *file = NULL;
	int ret;

	if (ctx->virtio && migrate_streams(to) &&
	    !cdna_provider_moves_rings(ctx->domain.nic))
		return ERR_PTR(-EOPNOTSUPP);
	ret = mutex_lock_killable(&ctx->domain.ctl_lock);
	if (ret)
		return ERR_PTR(ret);
	while (!file && ctx->migrate.state != to) {
		ret = vfio_mig_get_next_state(vfio, ctx->migrate.state, to,
					      &next);
		file = ret ? ERR_PTR(ret) : migrate_step(ctx, next);
	}
	mutex_unlock(&ctx->domain.ctl_lock);
	return file;
}

static int migrate_get_state(struct vfio_device *vfio,
			     enum vfio_device_mig_state *state)
{
	struct cdna_ctx *ctx = migrate_ctx(vfio);
	int ret = mutex_lock_killable(&ctx->domain.ctl_lock);

	if (ret)
		return ret;
	*state = ctx->migrate.state;
	mutex_unlock(&ctx->domain.ctl_lock);
	return 0;
}

static int migrate_get_data_size(struct vfio_device *vfio,
				 unsigned long *stop_copy_length)
{
	struct cdna_mig_header header;

	migrate_header(migrate_ctx(vfio), &header);
	*stop_copy_length = cdna_mig_bytes(&header);
	return 0;
}

static const struct vfio_migration_ops migrate_ops = {
	.migration_set_state = migrate_set_state,
	.migration_get_state = migrate_get_state,
	.migration_get_data_size = migrate_get_data_size,
};

/**
 * cdna_migrate_offer - let a device be migrated, if its NIC can pause it
 * @ctx: a new device, not registered yet
 */
void cdna_migrate_offer(struct cdna_ctx *ctx)
{
	ctx->migrate.state = VFIO_DEVICE_STATE_RUNNING;
	ratelimit_state_init(&ctx->migrate.limit, MIGRATE_MESSAGE, 1);
	ratelimit_set_flags(&ctx->migrate.limit, RATELIMIT_MSG_ON_RELEASE);
	if (!cdna_provider_resumes(ctx->domain.nic))
		return;
	ctx->vfio.migration_flags = VFIO_MIGRATION_STOP_COPY |
				    VFIO_MIGRATION_P2P | VFIO_MIGRATION_PRE_COPY;
	ctx->vfio.mig_ops = &migrate_ops;
}

/**
 * cdna_migrate_reset - the device runs, and its files are of no use
 * @ctx: the context, reset
 */
void cdna_migrate_reset(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.ctl_lock);

	migrate_close(ctx);
	cdna_guest_mac_unclaim(ctx);
	ctx->domain.paused = false;
	ctx->migrate.loaded = false;
	ctx->migrate.state = VFIO_DEVICE_STATE_RUNNING;
}
