// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a stream. All of it has room in the file, so that a writer's pace and
 * pieces do not matter; a header is judged as soon as it is there, while the source
 * still runs. Who has the file may keep it for as long as it likes: it is of no use
 * when the device has left the state that it was made in.
 */
#include <linux/anon_inodes.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/unaligned.h>
#include <linux/vfio.h>

#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_migrate_file.h"
#include "vdev/cdna_migrate_virtio.h"

/**
 * struct cdna_mig_file - a stream on its way
 * @file: the file
 * @lock: protects what follows
 * @ended: the device has left the state
 * @running: source: the device has not stopped, and there is more to come
 * @bytes: source: that may be read; destination: that were written
 * @at: source: read so far
 * @err: destination: the stream was refused
 * @ctx: destination: whose stream it is; NULL once it has ended
 * @ours: what this device would send
 * @total: bytes of the whole stream
 * @stream: the stream
 */
struct cdna_mig_file {
	struct file *file;
	struct mutex lock;	/* all that follows */
	bool ended;
	bool running;
	size_t bytes;
	size_t at;
	int err;
	struct cdna_ctx *ctx;
	struct cdna_mig_header ours;
	size_t total;
	struct cdna_mig_stream stream;
};

static int file_release(struct inode *inode, struct file *file)
{
	struct cdna_mig_file *migf = file->private_data;

	mutex_destroy(&migf->lock);
	kfree(migf);
	return 0;
}

/* Take what comes next. Return: bytes, or an error */
static ssize_t file_next(struct cdna_mig_file *migf, void *to, size_t count)
{
	ssize_t ret;

	mutex_lock(&migf->lock);
	count = min(count, migf->bytes - migf->at);
	if (migf->ended)
		ret = -ENODEV;
	else if (!count)
		ret = migf->running ? -ENOMSG : 0;
	else
		ret = count;
	if (ret > 0) {
		memcpy(to, (u8 *)&migf->stream + migf->at, count);
		migf->at += count;
	}
	mutex_unlock(&migf->lock);
	return ret;
}

/* User space may take as long as it likes for a fault, so no lock is held then; what
 * could not be copied is lost, as it is to a reader who does not look.
 */
static ssize_t file_read(struct file *file, char __user *to, size_t count,
			 loff_t *pos)
{
	struct cdna_mig_stream *data;
	ssize_t ret;

	if (pos)
		return -ESPIPE;
	data = kmalloc(sizeof(*data), GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	ret = file_next(file->private_data, data, count);
	if (ret > 0 && copy_to_user(to, data, ret))
		ret = -EFAULT;
	kfree(data);
	return ret;
}

static long file_precopy_info(struct cdna_mig_file *migf, void __user *arg)
{
	size_t bytes = offsetofend(struct vfio_precopy_info, dirty_bytes);
	struct vfio_precopy_info info = {};
	long ret = 0;

	if (copy_from_user(&info, arg, offsetofend(typeof(info), argsz)))
		return -EFAULT;
	if (info.argsz < bytes)
		return -EINVAL;
	mutex_lock(&migf->lock);
	if (migf->ended)
		ret = -ENODEV;
	else if (!migf->running)
		ret = -EINVAL;
	info.initial_bytes = migf->bytes - migf->at;
	mutex_unlock(&migf->lock);
	if (ret)
		return ret;
	return copy_to_user(arg, &info, bytes) ? -EFAULT : 0;
}

static long file_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != VFIO_MIG_GET_PRECOPY_INFO)
		return -ENOTTY;
	return file_precopy_info(file->private_data, (void __user *)arg);
}

static const struct file_operations file_save_fops = {
	.owner = THIS_MODULE,
	.read = file_read,
	.unlocked_ioctl = file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = file_release,
};

/* Nothing of it is taken any longer. Messages are limited for each device: one process
 * writes as many streams as it likes, and others need theirs.
 */
static void file_refuse(struct cdna_mig_file *migf,
			const struct cdna_mig_refusal *why, int err)
{
	lockdep_assert_held(&migf->lock);

	migf->err = err;
	if (__ratelimit(&migf->ctx->migrate.limit))
		dev_notice(migf->ctx->vfio.dev,
			   "a migration to this device is refused: %s: %#x there, %#x here\n",
			   why->what, why->theirs, why->ours);
}

static int file_check(const struct cdna_mig_file *migf,
		      struct cdna_config *config, struct cdna_mig_refusal *why)
{
	const union cdna_mig_any *body = &migf->stream.body;

	if (migf->ours.kind == cpu_to_le32(CDNA_MIG_KIND_VIRTIO))
		return cdna_mig_virtio_check(&body->virtio, &migf->ours, config,
					     why);
	return cdna_mig_body_check(&body->cdna, config, why);
}

/* What its guest has chosen there is its own here, from now until it has it, or cannot. */
static int file_claim(struct cdna_mig_file *migf, struct cdna_mig_refusal *why)
{
	const u8 *mac = migf->stream.body.virtio.mac;

	if (migf->ours.kind != cpu_to_le32(CDNA_MIG_KIND_VIRTIO) ||
	    is_zero_ether_addr(mac) || cdna_guest_mac_claim(migf->ctx, mac))
		return 0;
	*why = (struct cdna_mig_refusal) {
		.what = "chosen MAC address, which is in use here, last bytes",
		.theirs = get_unaligned_le16(mac + 4),
		.ours = get_unaligned_le16(mac + 4),
	};
	return -EADDRINUSE;
}

/* While the source can still go on. Return: 0, also if there is not enough yet */
static int file_judge(struct cdna_mig_file *migf, size_t before,
		      struct cdna_mig_refusal *why)
{
	const size_t bytes = sizeof(struct cdna_mig_header);
	struct cdna_config config;
	int err = 0;

	if (before < bytes && migf->bytes >= bytes)
		err = cdna_mig_header_check(&migf->stream.header, &migf->ours,
					    why);
	if (err || before == migf->total || migf->bytes < migf->total)
		return err;
	return file_check(migf, &config, why) ?: file_claim(migf, why);
}

static ssize_t file_add(struct cdna_mig_file *migf, const void *from,
			size_t count)
{
	const struct cdna_mig_refusal too_long = {
		.what = "length of the stream",
		.theirs = min(migf->bytes + count, (size_t)U32_MAX),
		.ours = migf->total,
	};
	struct cdna_mig_refusal why;
	size_t before = migf->bytes;
	int err;

	lockdep_assert_held(&migf->lock);

	if (migf->ended)
		return -ENODEV;
	if (!migf->err && count > migf->total - migf->bytes)
		file_refuse(migf, &too_long, -EINVAL);
	if (migf->err)
		return migf->err;
	memcpy((u8 *)&migf->stream + migf->bytes, from, count);
	migf->bytes += count;
	err = file_judge(migf, before, &why);
	if (err)
		file_refuse(migf, &why, err);
	return err ?: count;
}

/* What is longer than the stream is refused, whatever it is. */
static ssize_t file_write(struct file *file, const char __user *from,
			  size_t count, loff_t *pos)
{
	struct cdna_mig_file *migf = file->private_data;
	struct cdna_mig_stream *data;
	ssize_t ret = -EFAULT;

	if (pos)
		return -ESPIPE;
	data = kzalloc(sizeof(*data), GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	if (!copy_from_user(data, from, min(count, sizeof(*data)))) {
		mutex_lock(&migf->lock);
		ret = file_add(migf, data, count);
		mutex_unlock(&migf->lock);
	}
	kfree(data);
	return ret;
}

static const struct file_operations file_load_fops = {
	.owner = THIS_MODULE,
	.write = file_write,
	.release = file_release,
};

static struct cdna_mig_file *file_new(const struct file_operations *fops,
				      int flags,
				      const struct cdna_mig_header *ours)
{
	struct cdna_mig_file *migf = kzalloc(sizeof(*migf), GFP_KERNEL_ACCOUNT);
	struct file *file;

	if (!migf)
		return ERR_PTR(-ENOMEM);
	file = anon_inode_getfile("cdna_migration", fops, migf, flags);
	if (IS_ERR(file)) {
		kfree(migf);
		return ERR_CAST(file);
	}
	stream_open(file->f_inode, file);
	mutex_init(&migf->lock);
	migf->file = file;
	migf->ours = *ours;
	migf->total = cdna_mig_bytes(ours);
	return migf;
}

/**
 * cdna_mig_file_save - a file to read a stream from
 * @header: its header
 * @body: its body, or NULL: the device has not stopped
 *
 * Return: the file, or an error.
 */
struct cdna_mig_file *cdna_mig_file_save(const struct cdna_mig_header *header,
					 const union cdna_mig_any *body)
{
	struct cdna_mig_file *migf = file_new(&file_save_fops, O_RDONLY,
					      header);

	if (IS_ERR(migf))
		return migf;
	migf->stream.header = *header;
	migf->bytes = sizeof(*header);
	migf->running = true;
	if (body)
		cdna_mig_file_complete(migf, body);
	return migf;
}

/**
 * cdna_mig_file_load - a file to write a stream to
 * @ours: what this device would send
 * @ctx: whose; no other file has its limit of messages until this one is ended
 *
 * Return: the file, or an error.
 */
struct cdna_mig_file *cdna_mig_file_load(const struct cdna_mig_header *ours,
					 struct cdna_ctx *ctx)
{
	struct cdna_mig_file *migf = file_new(&file_load_fops, O_WRONLY,
					      ours);

	if (IS_ERR(migf))
		return migf;
	migf->ctx = ctx;
	return migf;
}

/**
 * cdna_mig_file_get - the file for user space
 * @migf: the stream
 *
 * Return: the file, with a reference more.
 */
struct file *cdna_mig_file_get(struct cdna_mig_file *migf)
{
	return get_file(migf->file);
}

/**
 * cdna_mig_file_complete - the device has stopped: the rest of the stream
 * @migf: a stream that is read
 * @body: the rest
 */
void cdna_mig_file_complete(struct cdna_mig_file *migf,
			    const union cdna_mig_any *body)
{
	mutex_lock(&migf->lock);
	migf->stream.body = *body;
	migf->bytes = migf->total;
	migf->running = false;
	mutex_unlock(&migf->lock);
}

static int file_take_locked(struct cdna_mig_file *migf,
			    struct cdna_config *config,
			    union cdna_mig_any *body)
{
	struct cdna_mig_refusal why = {
		.what = "length of the stream",
		.theirs = migf->bytes,
		.ours = migf->total,
	};
	int err = -EINVAL;

	if (migf->err)
		return migf->err;
	if (migf->bytes == migf->total)
		err = file_check(migf, config, &why);
	if (err)
		file_refuse(migf, &why, err);
	*body = migf->stream.body;
	return err;
}

/**
 * cdna_mig_file_take - take a stream that was written
 * @migf: the stream
 * @config: filled in with its configuration space
 * @body: filled in
 *
 * Return: 0, or why it is refused.
 */
int cdna_mig_file_take(struct cdna_mig_file *migf, struct cdna_config *config,
		       union cdna_mig_any *body)
{
	int ret;

	mutex_lock(&migf->lock);
	ret = file_take_locked(migf, config, body);
	mutex_unlock(&migf->lock);
	return ret;
}

/**
 * cdna_mig_file_end - nothing more is read or written
 * @migf: the stream; not to be used afterwards. NULL: nothing happens
 */
void cdna_mig_file_end(struct cdna_mig_file *migf)
{
	if (!migf)
		return;
	mutex_lock(&migf->lock);
	migf->ended = true;
	migf->ctx = NULL;
	mutex_unlock(&migf->lock);
	fput(migf->file);
}
