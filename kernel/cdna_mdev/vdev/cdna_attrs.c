// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of a mediated device, which administrators set and read.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/hex.h>
#include <linux/if_vlan.h>
#include <linux/kstrtox.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/string_choices.h>
#include <linux/sysfs.h>

#include <cdna/names.h>

#include "cdna_provider.h"
#include "guard/cdna_doorbell.h"
#include "vdev/cdna_addr.h"
#include "vdev/cdna_attrs.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_guest_mac.h"
#include "vdev/cdna_revoke.h"

static struct cdna_ctx *attrs_ctx(struct device *dev)
{
	return dev_get_drvdata(dev);
}

static ssize_t mac_address_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pM\n", attrs_ctx(dev)->address.mac);
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
	ret = cdna_addr_set_mac(attrs_ctx(dev), mac);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(mac_address);

static ssize_t guest_mac_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  str_on_off(READ_ONCE(attrs_ctx(dev)->guest_mac_allowed)));
}

static int attrs_allow_mac(struct cdna_ctx *ctx, bool allowed)
{
	cdna_guest_mac_allow(ctx, allowed);
	return 0;
}

static int attrs_allow_doorbell(struct cdna_ctx *ctx, bool allowed)
{
	return cdna_doorbell_allow(&ctx->domain, allowed);
}

/* Allow the next guest something, or not; refused while the device is open. */
static ssize_t attrs_store_allow(struct device *dev, const char *buf,
				 size_t count,
				 int (*allow)(struct cdna_ctx *ctx,
					      bool allowed))
{
	struct cdna_ctx *ctx = attrs_ctx(dev);
	bool allowed;
	int ret;

	if (kstrtobool(buf, &allowed))
		return -EINVAL;
	mutex_lock(&ctx->domain.lock);
	ret = ctx->opened ? -EBUSY : allow(ctx, allowed);
	mutex_unlock(&ctx->domain.lock);
	return ret ? ret : count;
}

static ssize_t guest_mac_store(struct device *dev,
			       struct device_attribute *attr,
			       const char *buf, size_t count)
{
	return attrs_store_allow(dev, buf, count, attrs_allow_mac);
}
static DEVICE_ATTR_RW(guest_mac);

/* What the guest chose, else what it was given */
static ssize_t mac_in_use_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	const struct cdna_ctx *ctx = attrs_ctx(dev);
	u64 chosen = READ_ONCE(ctx->guest_mac);
	u8 mac[ETH_ALEN];

	ether_addr_copy(mac, ctx->address.mac);
	if (chosen)
		u64_to_ether_addr(chosen, mac);
	return sysfs_emit(buf, "%pM\n", mac);
}
static DEVICE_ATTR_RO(mac_in_use);

static ssize_t vlan_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct cdna_ctx *ctx = attrs_ctx(dev);
	u16 vlan = READ_ONCE(ctx->address.access_vlan);

	if (vlan)
		return sysfs_emit(buf, "%u\n", vlan);
	return sysfs_emit(buf, "%s\n",
			  READ_ONCE(ctx->address.trunk) ? "trunk" : "none");
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
	ret = cdna_addr_set_vlan(attrs_ctx(dev), vlan, trunk);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(vlan);

static ssize_t doorbell_page_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	bool allowed = cdna_doorbell_is_allowed(&attrs_ctx(dev)->domain);

	return sysfs_emit(buf, "%s\n", str_on_off(allowed));
}

static ssize_t doorbell_page_store(struct device *dev,
				   struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return attrs_store_allow(dev, buf, count, attrs_allow_doorbell);
}
static DEVICE_ATTR_RW(doorbell_page);

static ssize_t context_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%u\n", attrs_ctx(dev)->domain.id);
}
static DEVICE_ATTR_RO(context);

/* Nothing can be done with a context of a dead NIC, whatever its state. */
static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct cdna_ctx *ctx = attrs_ctx(dev);

	if (cdna_provider_is_dead(ctx->domain.nic))
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
		ret = cdna_revoke(attrs_ctx(dev));
	else if (sysfs_streq(buf, cdna_name_ctx_state(CDNA_CTX_CONFIGURED)))
		ret = cdna_revoke_undo(attrs_ctx(dev));
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(state);

static ssize_t bridge_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	struct cdna_ctx *ctx = attrs_ctx(dev);
	ssize_t ret;

	mutex_lock(&ctx->domain.lock);
	ret = sysfs_emit(buf, "%s\n", ctx->bridge);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

static int attrs_bridge(struct cdna_ctx *ctx, const char *name)
{
	struct cdna_provider *nic = ctx->domain.nic;
	int ret;

	lockdep_assert_held(&ctx->domain.lock);

	ret = nic->ops->bridge(nic, ctx->domain.id, name);
	if (ret)
		dev_err(ctx->vfio.dev,
			"the interface of context %u cannot be in the bridge '%s': %pe\n",
			ctx->domain.id, name, ERR_PTR(ret));
	else
		strscpy(ctx->bridge, name);
	return ret;
}

static ssize_t bridge_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct cdna_ctx *ctx = attrs_ctx(dev);
	char name[IFNAMSIZ + 1];	/* and a line feed */
	int ret;

	if (strscpy(name, buf) < 0)
		return -EINVAL;
	name[strcspn(name, "\n")] = 0;
	if (*name && !dev_valid_name(name))
		return -EINVAL;
	mutex_lock(&ctx->domain.lock);
	ret = attrs_bridge(ctx, name);
	mutex_unlock(&ctx->domain.lock);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(bridge);

static umode_t attrs_visible(struct kobject *kobj, struct attribute *attr,
			     int n)
{
	const struct cdna_ctx *ctx = attrs_ctx(kobj_to_dev(kobj));

	return attr != &dev_attr_bridge.attr || ctx->domain.nic->ops->bridge ?
		       attr->mode : 0;
}

static struct attribute *attrs_list[] = {
	&dev_attr_mac_address.attr,
	&dev_attr_mac_in_use.attr,
	&dev_attr_guest_mac.attr,
	&dev_attr_vlan.attr,
	&dev_attr_doorbell_page.attr,
	&dev_attr_context.attr,
	&dev_attr_state.attr,
	&dev_attr_bridge.attr,
	NULL
};

const struct attribute_group cdna_attrs_group = {
	.is_visible = attrs_visible,
	.attrs = attrs_list,
};
