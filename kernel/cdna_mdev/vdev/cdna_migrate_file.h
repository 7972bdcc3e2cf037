/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files through which a device's stream is read at the source, and written at the
 * destination.
 */
#ifndef CDNA_MIGRATE_FILE_H
#define CDNA_MIGRATE_FILE_H

#include "vdev/cdna_migrate_stream.h"

struct cdna_ctx;
struct cdna_mig_file;
struct file;

struct cdna_mig_file *cdna_mig_file_save(const struct cdna_mig_header *header,
					 const union cdna_mig_any *body);
struct cdna_mig_file *cdna_mig_file_load(const struct cdna_mig_header *ours,
					 struct cdna_ctx *ctx);
struct file *cdna_mig_file_get(struct cdna_mig_file *migf);
void cdna_mig_file_complete(struct cdna_mig_file *migf,
			    const union cdna_mig_any *body);
int cdna_mig_file_take(struct cdna_mig_file *migf, struct cdna_config *config,
		       union cdna_mig_any *body);
void cdna_mig_file_end(struct cdna_mig_file *migf);

#endif /* CDNA_MIGRATE_FILE_H */
