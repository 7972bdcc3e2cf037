// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration states of a device, and streams through its files.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "mig.h"

static int feature(struct vdev *dev, uint32_t flags, void *data, size_t bytes)
{
	uint64_t buf[(sizeof(struct vfio_device_feature) + 32) / 8];
	struct vfio_device_feature *feat = (void *)buf;

	memset(buf, 0, sizeof(buf));
	feat->argsz = sizeof(*feat) + bytes;
	feat->flags = flags;
	memcpy(feat->data, data, bytes);
	if (ioctl(dev->fd, VFIO_DEVICE_FEATURE, feat))
		return -errno;
	memcpy(data, feat->data, bytes);
	return 0;
}

int mig_flags(struct vdev *dev)
{
	struct vfio_device_feature_migration mig = { 0 };
	int ret = feature(dev, VFIO_DEVICE_FEATURE_GET |
			  VFIO_DEVICE_FEATURE_MIGRATION, &mig, sizeof(mig));

	return ret ? ret : (int)mig.flags;
}

int mig_state(struct vdev *dev)
{
	struct vfio_device_feature_mig_state mig = { 0 };
	int ret = feature(dev, VFIO_DEVICE_FEATURE_GET |
			  VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, &mig,
			  sizeof(mig));

	return ret ? ret : (int)mig.device_state;
}

int mig_go(struct vdev *dev, uint32_t state, int *fd)
{
	struct vfio_device_feature_mig_state mig = {
		.device_state = state,
		.data_fd = -1,
	};
	int ret = feature(dev, VFIO_DEVICE_FEATURE_SET |
			  VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE, &mig,
			  sizeof(mig));

	if (fd)
		*fd = ret ? -1 : mig.data_fd;
	else if (!ret && mig.data_fd >= 0)
		close(mig.data_fd);
	return ret;
}

ssize_t mig_read(int fd, void *buf, size_t bytes)
{
	size_t at = 0;
	ssize_t n;

	while (at < bytes) {
		n = read(fd, (uint8_t *)buf + at, bytes - at);
		if (n < 0)
			return at && errno == ENOMSG ? (ssize_t)at : -errno;
		if (!n)
			break;
		at += n;
	}
	return at;
}

ssize_t mig_save(struct vdev *dev, void *buf, size_t bytes)
{
	ssize_t ret;
	int fd;

	ret = mig_go(dev, MIG_STOP_COPY, &fd);
	if (ret)
		return ret;
	ret = mig_read(fd, buf, bytes);
	close(fd);
	return ret;
}

int mig_load(struct vdev *dev, const void *buf, size_t bytes, size_t piece)
{
	size_t at, n;
	int fd, ret;

	ret = mig_go(dev, MIG_RESUMING, &fd);
	if (ret)
		return ret;
	for (at = 0; at < bytes && !ret; at += n) {
		n = bytes - at < piece ? bytes - at : piece;
		if (write(fd, (const uint8_t *)buf + at, n) != (ssize_t)n)
			ret = -errno;
	}
	if (!ret)
		ret = mig_go(dev, MIG_STOP, NULL);
	close(fd);
	return ret;
}
