/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Migration of a device by VFIO, version 2.
 */
#ifndef CDNA_MIGRATE_H
#define CDNA_MIGRATE_H

#include <linux/ratelimit_types.h>
#include <linux/types.h>
#include <linux/vfio.h>

struct cdna_ctx;
struct cdna_mig_file;

/**
 * struct cdna_migrate - migration of a device; protected by cdna_domain.ctl_lock
 * @state: of the device
 * @file: the stream that is read or written in this state, or NULL
 * @loaded: a stream was taken, and the guest does not know yet
 * @limit: of messages about refused streams; the file has it while there is one
 */
struct cdna_migrate {
	enum vfio_device_mig_state state;
	struct cdna_mig_file *file;
	bool loaded;
	struct ratelimit_state limit;
};

void cdna_migrate_offer(struct cdna_ctx *ctx);
void cdna_migrate_reset(struct cdna_ctx *ctx);

#endif /* CDNA_MIGRATE_H */
