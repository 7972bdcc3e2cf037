// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vdev.h"

#define SYSFS_MDEV	"/sys/bus/mdev/devices"
#define SYSFS_NIC	"/sys/bus/pci/drivers/cdna_mdev/*:*"
#define SYSFS_SOFTNIC	"/sys/bus/platform/drivers/cdna_softnic/cdna_softnic*"
#define SYSFS_TYPES	"/mdev_supported_types/cdna_*-"
#define BRIDGE		"cdna-wire"

static int put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int get(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	close(fd);
	if (n < 0)
		return -EIO;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return 0;
}

void vdev_uuid(char *uuid, unsigned int n)
{
	sprintf(uuid, "cdaa0000-0000-4000-8000-%012x", n);
}

bool vdev_is_soft(void)
{
	const char *provider = getenv("PROVIDER");

	return provider && !strcmp(provider, "softnic");
}

/* The port of a context is a port of the bridge that is the wire. */
static int plug(const char *uuid)
{
	char context[16], command[128];

	if (!vdev_is_soft())
		return 0;
	if (vdev_attr(uuid, "context", context, sizeof(context)))
		return -ENOENT;
	snprintf(command, sizeof(command),
		 "ip link set cdna%s master " BRIDGE " up", context);
	return system(command) ? -EIO : 0;
}

/* The bridge learns some time later that the guest receives. */
bool vdev_plugged(struct vdev *dev)
{
	char path[PATH_MAX], context[16], state[16] = "";
	int left = 5000;

	if (!vdev_is_soft())
		return true;
	if (vdev_attr(dev->uuid, "context", context, sizeof(context)))
		return false;
	snprintf(path, sizeof(path), "/sys/class/net/cdna%s/brport/state",
		 context);
	while ((get(path, state, sizeof(state)) || strcmp(state, "3")) &&
	       left-- > 0)
		usleep(1000);
	return !strcmp(state, "3");
}

long vdev_port_stat(struct vdev *dev, const char *name)
{
	char context[16], command[128], line[128];
	FILE *pipe;
	long n = -1;

	if (vdev_attr(dev->uuid, "context", context, sizeof(context)))
		return -1;
	snprintf(command, sizeof(command), "ethtool -S cdna%s", context);
	pipe = popen(command, "r");
	if (!pipe)
		return -1;
	while (fgets(line, sizeof(line), pipe)) {
		char found[64];
		long value;

		if (sscanf(line, " %63[^:]: %ld", found, &value) == 2 &&
		    !strcmp(found, name))
			n = value;
	}
	pclose(pipe);
	return n;
}

static bool vdev_exists(const char *uuid)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_MDEV "/%s", uuid);
	return !access(path, F_OK);
}

/* The mdev core knows a uuid until the last reference to its device is gone, which is
 * some seconds after its removal where CONFIG_DEBUG_KOBJECT_RELEASE delays that.
 */
static int create(const char *path, const char *uuid)
{
	int left = 3000, ret = put(path, uuid);

	while (ret == -EEXIST && !vdev_exists(uuid) && left-- > 0) {
		usleep(10000);
		ret = put(path, uuid);
	}
	return ret;
}

/* A context of the first NIC, as a type of mediated device */
static int create_as(const char *uuid, const char *type)
{
	char path[PATH_MAX];
	glob_t types;
	int ret;

	snprintf(path, sizeof(path), "%s" SYSFS_TYPES "%s",
		 vdev_is_soft() ? SYSFS_SOFTNIC : SYSFS_NIC, type);
	if (glob(path, 0, NULL, &types))
		return -ENODEV;
	snprintf(path, sizeof(path), "%s/create", types.gl_pathv[0]);
	globfree(&types);
	ret = create(path, uuid);
	/* Left behind by a test that was killed */
	if (ret == -EEXIST && !vdev_remove(uuid))
		ret = create(path, uuid);
	if (ret)
		return ret;
	ret = plug(uuid);
	/* Who has not got it does not remove it. */
	if (ret)
		vdev_remove(uuid);
	return ret;
}

int vdev_create(const char *uuid)
{
	return create_as(uuid, "context");
}

int vdev_create_virtio(const char *uuid)
{
	return create_as(uuid, "virtio");
}

int vdev_remove(const char *uuid)
{
	return vdev_set(uuid, "remove", "1");
}

int vdev_attr(const char *uuid, const char *name, char *buf, size_t size)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_MDEV "/%s/%s", uuid, name);
	return get(path, buf, size);
}

static long count_in(const char *uuid, const char *folder, const char *name)
{
	char path[128], buf[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return vdev_attr(uuid, path, buf, sizeof(buf)) ? -1 : atol(buf);
}

long vdev_stat(const char *uuid, const char *name)
{
	return count_in(uuid, "statistics", name);
}

long vdev_faults(const char *uuid, const char *reason)
{
	return count_in(uuid, "faults", reason);
}

long vdev_drops(const char *uuid, const char *reason)
{
	return count_in(uuid, "drops", reason);
}

int vdev_set(const char *uuid, const char *name, const char *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_MDEV "/%s/%s", uuid, name);
	return put(path, value);
}

/* Where an attribute of the first NIC is. Return: 0 or -ENODEV */
static int nic_path(char *path, size_t size, const char *name)
{
	glob_t nics;

	if (glob(SYSFS_NIC, 0, NULL, &nics))
		return -ENODEV;
	snprintf(path, size, "%s/cdna/%s", nics.gl_pathv[0], name);
	globfree(&nics);
	return 0;
}

/* A counter of the first NIC */
long vdev_nic_stat(const char *name)
{
	char path[PATH_MAX + 64], buf[64];

	if (nic_path(path, sizeof(path), name))
		return -1;
	return get(path, buf, sizeof(buf)) ? -1 : atol(buf);
}

int vdev_nic_set(const char *name, const char *value)
{
	char path[PATH_MAX + 64];
	int ret = nic_path(path, sizeof(path), name);

	return ret ? ret : put(path, value);
}

int vdev_new(struct vdev *dev, unsigned int n)
{
	char uuid[40];
	int ret;

	vdev_uuid(uuid, n);
	ret = vdev_create(uuid);
	return ret ? ret : vdev_open(dev, uuid);
}

int vdev_delete(struct vdev *dev)
{
	vdev_close(dev);
	return vdev_remove(dev->uuid);
}
