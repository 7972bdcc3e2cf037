// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queueing discipline sch_plug, which tc cannot set up.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plug.h"

#define PLUG_LIMIT	(32 << 20)	/* bytes */

struct request {
	struct nlmsghdr head;
	struct tcmsg tc;
	char attributes[64];
};

static void add(struct request *request, uint16_t type, const void *data,
		size_t len)
{
	struct rtattr *attr = (void *)((char *)request +
				       NLMSG_ALIGN(request->head.nlmsg_len));

	attr->rta_type = type;
	attr->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(attr), data, len);
	request->head.nlmsg_len = NLMSG_ALIGN(request->head.nlmsg_len) +
				  RTA_ALIGN(attr->rta_len);
}

/* Return: what the kernel answers */
static int ask(struct request *request)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char more[256];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int ret = -EIO;

	if (fd < 0)
		return -errno;
	if (send(fd, request, request->head.nlmsg_len, 0) > 0 &&
	    recv(fd, &answer, sizeof(answer), 0) > 0 &&
	    answer.head.nlmsg_type == NLMSG_ERROR)
		ret = answer.error.error;
	close(fd);
	return ret;
}

static int plug(const char *interface, uint16_t type, uint16_t flags,
		int action)
{
	const struct tc_plug_qopt options = {
		.action = action,
		.limit = PLUG_LIMIT,
	};
	struct request request = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct tcmsg)),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
		},
		.tc = {
			.tcm_ifindex = if_nametoindex(interface),
			.tcm_parent = TC_H_ROOT,
			.tcm_handle = 1 << 16,
		},
	};

	add(&request, TCA_KIND, "plug", sizeof("plug"));
	add(&request, TCA_OPTIONS, &options, sizeof(options));
	return ask(&request);
}

int plug_hold(const char *interface)
{
	return plug(interface, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, 0);
}

int plug_release(const char *interface)
{
	return plug(interface, RTM_NEWQDISC, 0, TCQ_PLUG_RELEASE_INDEFINITE);
}

int plug_remove(const char *interface)
{
	return plug(interface, RTM_DELQDISC, 0, 0);
}
