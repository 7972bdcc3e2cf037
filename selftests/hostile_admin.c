// SPDX-License-Identifier: GPL-2.0-only
/*
 * What administrators do to contexts of a hostile monitor meanwhile: attributes,
 * revoke and restore, devlink.
 */
#define _GNU_SOURCE
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "hostile.h"

/* Nothing that trusts the context: the victim is protected from others only. */
static const struct {
	const char *name;
	const char *value;
} settings[] = {
	{ "state", "revoked" }, { "state", "configured" },
	{ "state", "active" }, { "mac_address", "02:cd:aa:bb:cc:dd" },
	{ "mac_address", "ff:ff:ff:ff:ff:ff" }, { "guest_mac", "on" },
	{ "guest_mac", "off" }, { "doorbell_page", "on" },
	{ "doorbell_page", "off" }, { "vlan", "4095" }, { "vlan", "none" },
	{ "trust", "invalid" }, { "context", "1" }, { "mac_in_use", "0" },
};

static void set_any(struct vdev *dev, struct rng *rng)
{
	uint32_t n = rng_below(rng, sizeof(settings) / sizeof(settings[0]));
	char value[4096];

	hostile_tried(2);
	vdev_set(dev->uuid, settings[n].name, settings[n].value);
	vdev_attr(dev->uuid, settings[n].name, value, sizeof(value));
}

/* An address that is another's */
static void set_mac_of_victim(struct vdev *dev)
{
	char mac[32];

	hostile_tried(1);
	if (!vdev_set(dev->uuid, "mac_address", hostile.mac_of_victim) &&
	    !vdev_attr(dev->uuid, "mac_address", mac, sizeof(mac)))
		hostile_harm("%s: has the address of another, %s", dev->uuid,
			     mac);
}

static void run_devlink(struct vdev *dev, struct rng *rng)
{
	static const char * const commands[] = {
		"port show %s/%s", "port function set %s/%s state inactive",
		"port function set %s/%s state active",
		"port function set %s/%s hw_addr 02:cd:aa:bb:cc:de",
		"health show %s; #%s", "port param show; #%s%s",
		"health diagnose %s/%s reporter protection",
	};
	uint32_t n = rng_below(rng, sizeof(commands) / sizeof(commands[0]));
	char path[PATH_MAX], real[PATH_MAX], nic[64], context[16];
	char what[256], command[512];

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s", dev->uuid);
	if (!realpath(path, real) ||
	    vdev_attr(dev->uuid, "context", context, sizeof(context)))
		return;
	snprintf(nic, sizeof(nic), "pci/%.32s", basename(dirname(real)));
	snprintf(what, sizeof(what), commands[n], nic, context);
	snprintf(command, sizeof(command),
		 "{ devlink %s\n} >/dev/null 2>&1 </dev/null", what);
	hostile_tried(system(command) >= 0);
}

void hostile_administrate(struct vdev *dev, struct rng *rng)
{
	int ret = 0;

	switch (rng_below(rng, 16)) {
	case 0:
		run_devlink(dev, rng);
		break;
	case 1:
		set_mac_of_victim(dev);
		break;
	case 2:
		ret = hostile_remake(dev, rng);
		break;
	case 3 ... 5:
		ret = hostile_reopen(dev, rng);
		break;
	default:
		set_any(dev, rng);
		break;
	}
	if (ret)
		hostile_harm("%s: cannot be opened again: %d", dev->uuid, ret);
	/* A context that nobody restores would no longer be attacked. */
	if (!rng_below(rng, 4))
		vdev_set(dev->uuid, "state", "configured");
}
