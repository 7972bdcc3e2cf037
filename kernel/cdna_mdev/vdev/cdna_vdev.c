// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mdev driver: contexts as mediated devices that administrators create, and
 * the attributes that they set and read.
 */
#include <linux/etherdevice.h>
#include <linux/hex.h>
#include <linux/if_vlan.h>
#include <linux/kstrtox.h>
#include <linux/string_choices.h>
#include <linux/sysfs.h>

#include <cdna/names.h>

#include "vdev/cdna_ctx.h"

static struct cdna_ctx *vdev_ctx(struct device *dev)
{
	return dev_get_drvdata(dev);
}

static int vdev_probe(struct mdev_device *mdev)
{
	struct cdna_parent *parent = container_of(mdev->type,
						  struct cdna_parent, type);
	struct cdna_ctx *ctx;
	int ret;

	ctx = vfio_alloc_device(cdna_ctx, vdev, &mdev->dev, &cdna_vfio_ops);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	ret = cdna_parent_attach(parent, ctx);
	if (ret)
		goto err_put;
	dev_set_drvdata(&mdev->dev, ctx);
	ret = cdna_port_create(ctx);
	if (ret)
		goto err_detach;
	ret = vfio_register_emulated_iommu_dev(&ctx->vdev);
	if (ret)
		goto err_port;
	return 0;

err_port:
	cdna_port_destroy(ctx);
err_detach:
	cdna_parent_detach(ctx);
err_put:
	vfio_put_device(&ctx->vdev);
	return ret;
}

static void vdev_remove(struct mdev_device *mdev)
{
	struct cdna_ctx *ctx = vdev_ctx(&mdev->dev);

	vfio_unregister_group_dev(&ctx->vdev);
	cdna_port_destroy(ctx);
	cdna_parent_detach(ctx);
	vfio_put_device(&ctx->vdev);
}

static unsigned int vdev_available(struct mdev_type *type)
{
	return cdna_parent_free(container_of(type, struct cdna_parent, type));
}

static ssize_t vdev_description(struct mdev_type *type, char *buf)
{
	const struct cdna_nic_info *info =
		&container_of(type, struct cdna_parent, type)->nic->info;

	return sysfs_emit(buf, "%u queue pairs, rings to %u, MTU %u\n",
			  info->qps, info->max_ring, info->mtu);
}

static ssize_t mac_address_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pM\n", vdev_ctx(dev)->mac);
}

static ssize_t mac_address_store(struct device *dev,
				 struct device_attribute *attr,
				 const char *buf, size_t count)
{
	u8 mac[ETH_ALEN];
	int ret;

	if (count < 3 * ETH_ALEN - 1 || !mac_pton(buf, mac) ||
	    !is_valid_ether_addr(mac))
		return -EINVAL;
	ret = cdna_identity_set_mac(vdev_ctx(dev), mac);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(mac_address);

static ssize_t guest_mac_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  str_on_off(READ_ONCE(vdev_ctx(dev)->guest_mac_allowed)));
}

/* Of what a guest may be allowed */
static ssize_t vdev_store_allow(struct device *dev, const char *buf,
				size_t count,
				int (*allow)(struct cdna_ctx *ctx, bool allowed))
{
	bool allowed;
	int ret;

	if (kstrtobool(buf, &allowed))
		return -EINVAL;
	ret = allow(vdev_ctx(dev), allowed);
	return ret ? ret : count;
}

static ssize_t guest_mac_store(struct device *dev,
			       struct device_attribute *attr,
			       const char *buf, size_t count)
{
	return vdev_store_allow(dev, buf, count, cdna_identity_allow);
}
static DEVICE_ATTR_RW(guest_mac);

/* What the guest chose, else what it was given */
static ssize_t mac_in_use_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	const struct cdna_ctx *ctx = vdev_ctx(dev);
	u64 chosen = READ_ONCE(ctx->guest_mac);
	u8 mac[ETH_ALEN];

	ether_addr_copy(mac, ctx->mac);
	if (chosen)
		u64_to_ether_addr(chosen, mac);
	return sysfs_emit(buf, "%pM\n", mac);
}
static DEVICE_ATTR_RO(mac_in_use);

static ssize_t vlan_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct cdna_ctx *ctx = vdev_ctx(dev);
	u16 vlan = READ_ONCE(ctx->access_vlan);

	if (vlan)
		return sysfs_emit(buf, "%u\n", vlan);
	return sysfs_emit(buf, "%s\n", READ_ONCE(ctx->trunk) ? "trunk" :
								 "none");
}

static ssize_t vlan_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	bool trunk = sysfs_streq(buf, "trunk");
	u16 vlan = 0;
	int ret;

	if (!trunk && !sysfs_streq(buf, "none") &&
	    (kstrtou16(buf, 10, &vlan) || !vlan || vlan >= VLAN_N_VID - 1))
		return -EINVAL;
	ret = cdna_identity_set_vlan(vdev_ctx(dev), vlan, trunk);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(vlan);

static ssize_t doorbell_page_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  str_on_off(READ_ONCE(vdev_ctx(dev)->doorbell.allowed)));
}

static ssize_t doorbell_page_store(struct device *dev,
				   struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return vdev_store_allow(dev, buf, count, cdna_doorbell_allow);
}
static DEVICE_ATTR_RW(doorbell_page);

static ssize_t context_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%u\n", vdev_ctx(dev)->id);
}
static DEVICE_ATTR_RO(context);

/* Whatever a context of a dead NIC was, nothing can be done with it. */
static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct cdna_ctx *ctx = vdev_ctx(dev);

	if (cdna_provider_is_dead(cdna_ctx_nic(ctx)))
		return sysfs_emit(buf, "dead\n");
	return sysfs_emit(buf, "%s\n",
			  cdna_name_ctx_state(READ_ONCE(ctx->state)));
}

/* An administrator may write two of the states. */
static ssize_t state_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	int ret = -EINVAL;

	if (sysfs_streq(buf, cdna_name_ctx_state(CDNA_CTX_REVOKED)))
		ret = cdna_ctx_revoke(vdev_ctx(dev));
	else if (sysfs_streq(buf, cdna_name_ctx_state(CDNA_CTX_CONFIGURED)))
		ret = cdna_ctx_restore(vdev_ctx(dev));
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(state);

static struct attribute *vdev_attrs[] = {
	&dev_attr_mac_address.attr,
	&dev_attr_mac_in_use.attr,
	&dev_attr_guest_mac.attr,
	&dev_attr_vlan.attr,
	&dev_attr_doorbell_page.attr,
	&dev_attr_context.attr,
	&dev_attr_state.attr,
	NULL
};

static const struct attribute_group vdev_group = {
	.attrs = vdev_attrs,
};

static const struct attribute_group *vdev_groups[] = {
	&vdev_group,
	&cdna_stats_group,
	&cdna_stats_fault_group,
	NULL
};

struct mdev_driver cdna_vdev_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.probe = vdev_probe,
	.remove = vdev_remove,
	.get_available = vdev_available,
	.show_description = vdev_description,
	.driver = {
		.name = "cdna_vdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = vdev_groups,
	},
};
