// SPDX-License-Identifier: GPL-2.0-only
/*
 * The health reporter of the firmware, for `devlink health`. There is no
 * recovery: the state of the contexts is lost, and when to start over is the
 * administrator's choice.
 */
#include <net/devlink.h>

#include <cdna/names.h>

#include "cdna_compat.h"
#include "nic/cdna_fw_reporter.h"
#include "nic/cdna_nic.h"
#include "nic/cdna_nic_cmd.h"

static int reporter_diagnose(struct devlink_health_reporter *reporter,
			     struct devlink_fmsg *fmsg,
			     struct netlink_ext_ack *extack)
{
	struct cdna_nic *nic = devlink_health_reporter_priv(reporter);
	const char *reason = cdna_health_reason(&nic->health);

	devlink_fmsg_string_pair_put(fmsg, "state", reason ? "dead" : "alive");
	devlink_fmsg_string_pair_put(fmsg, "reason", reason ?: "none");
	devlink_fmsg_u32_pair_put(fmsg, "boot_id", nic->boot_id);
	devlink_fmsg_u32_pair_put(fmsg, "commands_under_way",
				  READ_ONCE(nic->adminq.in_use));
	devlink_fmsg_u64_pair_put(fmsg, "events_taken",
				  READ_ONCE(nic->events.taken));
	devlink_fmsg_u64_pair_put(fmsg, "events_ignored",
				  READ_ONCE(nic->events.ignored));
	devlink_fmsg_u64_pair_put(fmsg, "bit_vectors",
				  READ_ONCE(nic->sources.vectors));
	devlink_fmsg_u64_pair_put(fmsg, "bits", READ_ONCE(nic->sources.bits));
	devlink_fmsg_u64_pair_put(fmsg, "bits_without_owner",
				  READ_ONCE(nic->sources.spurious));
	return 0;
}

static int reporter_dump(struct devlink_health_reporter *reporter,
			 struct devlink_fmsg *fmsg, void *priv,
			 struct netlink_ext_ack *extack)
{
	struct cdna_nic *nic = devlink_health_reporter_priv(reporter);
	u64 value[CDNA_NR_STATS];
	u32 i;
	int err;

	err = reporter_diagnose(reporter, fmsg, extack);
	if (err || cdna_provider_is_dead(&nic->provider))
		return err;

	err = cdna_nic_cmd_read_stats(nic, CDNA_STATS_NIC, 0, value);
	if (err)
		return 0;
	for (i = 0; i < CDNA_NR_NSTATS; i++)
		devlink_fmsg_u64_pair_put(fmsg, cdna_name_nic_stat(i),
					  value[i]);
	return 0;
}

static const struct devlink_health_reporter_ops reporter_ops = {
	.name = "firmware",
	.diagnose = reporter_diagnose,
	.dump = reporter_dump,
};

/**
 * cdna_fw_reporter_create - make the health reporter of the firmware
 * @nic: the NIC
 *
 * Context: process; takes devlink's lock.
 * Return: 0 or an error.
 */
int cdna_fw_reporter_create(struct cdna_nic *nic)
{
	struct devlink_health_reporter *reporter;

	reporter = cdna_compat_reporter_create(nic->provider.devlink,
					       &reporter_ops, nic);
	if (IS_ERR(reporter))
		return PTR_ERR(reporter);
	nic->reporter = reporter;
	return 0;
}

/**
 * cdna_fw_reporter_destroy - undo cdna_fw_reporter_create()
 * @nic: the NIC, whose watchdog and death have been stopped
 */
void cdna_fw_reporter_destroy(struct cdna_nic *nic)
{
	devlink_health_reporter_destroy(nic->reporter);
}

/**
 * cdna_fw_reporter_dead - report that the NIC is dead
 * @nic: the NIC, marked dead
 *
 * Context: process; takes devlink's lock.
 */
void cdna_fw_reporter_dead(struct cdna_nic *nic)
{
	if (nic->reporter)
		devlink_health_report(nic->reporter, nic->health.reason, nic);
}
