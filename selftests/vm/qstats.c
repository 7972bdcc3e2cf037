// SPDX-License-Identifier: GPL-2.0-only
/*
 * qstats INTERFACE: the statistics that the kernel keeps of each queue of an
 * interface (netdev-genl, qstats-get), a line each: "rx 0 packets 123".
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netdev.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER	32768

static const char * const names[NETDEV_A_QSTATS_MAX + 1] = {
	[NETDEV_A_QSTATS_RX_PACKETS] = "packets",
	[NETDEV_A_QSTATS_RX_BYTES] = "bytes",
	[NETDEV_A_QSTATS_TX_PACKETS] = "packets",
	[NETDEV_A_QSTATS_TX_BYTES] = "bytes",
	[NETDEV_A_QSTATS_RX_ALLOC_FAIL] = "alloc-fail",
	[NETDEV_A_QSTATS_RX_HW_DROPS] = "hw-drops",
	[NETDEV_A_QSTATS_RX_HW_GRO_PACKETS] = "hw-gro-packets",
	[NETDEV_A_QSTATS_RX_HW_GRO_WIRE_PACKETS] = "hw-gro-wire-packets",
	[NETDEV_A_QSTATS_RX_CSUM_UNNECESSARY] = "csum-unnecessary",
	[NETDEV_A_QSTATS_RX_CSUM_BAD] = "csum-bad",
	[NETDEV_A_QSTATS_TX_NEEDS_CSUM] = "needs-csum",
	[NETDEV_A_QSTATS_TX_HW_GSO_PACKETS] = "hw-gso-packets",
	[NETDEV_A_QSTATS_TX_HW_GSO_WIRE_PACKETS] = "hw-gso-wire-packets",
	[NETDEV_A_QSTATS_TX_STOP] = "stop",
	[NETDEV_A_QSTATS_TX_WAKE] = "wake",
};

/* Counters have as many bytes as they need. */
static uint64_t counter(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) == sizeof(uint64_t) ?
	       mnl_attr_get_u64(attr) : mnl_attr_get_u32(attr);
}

static int print_queue(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attr, *seen[NETDEV_A_QSTATS_MAX + 1] = { NULL };
	const char *kind = "tx";
	uint32_t i;

	(void)data;
	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) <= NETDEV_A_QSTATS_MAX)
			seen[mnl_attr_get_type(attr)] = attr;
	if (!seen[NETDEV_A_QSTATS_QUEUE_TYPE] ||
	    !seen[NETDEV_A_QSTATS_QUEUE_ID])
		return MNL_CB_OK;
	if (mnl_attr_get_u32(seen[NETDEV_A_QSTATS_QUEUE_TYPE]) ==
	    NETDEV_QUEUE_TYPE_RX)
		kind = "rx";
	for (i = 0; i <= NETDEV_A_QSTATS_MAX; i++)
		if (names[i] && seen[i])
			printf("%s %u %s %llu\n", kind,
			       mnl_attr_get_u32(seen[NETDEV_A_QSTATS_QUEUE_ID]),
			       names[i], (unsigned long long)counter(seen[i]));
	return MNL_CB_OK;
}

static int take_family(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			*(uint16_t *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static struct nlmsghdr *request(char *buffer, uint16_t type, uint16_t flags,
				uint8_t command)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic;

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = 1;
	generic = mnl_nlmsg_put_extra_header(header, sizeof(*generic));
	generic->cmd = command;
	generic->version = 1;
	return header;
}

static int ask(struct mnl_socket *socket, const struct nlmsghdr *header,
	       mnl_cb_t each, void *data)
{
	static char buffer[BUFFER];
	int ret;

	if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0)
		return -1;
	do {
		ret = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (ret > 0)
			ret = mnl_cb_run(buffer, ret, 1,
					 mnl_socket_get_portid(socket), each,
					 data);
	} while (ret > MNL_CB_STOP);
	return ret;
}

static int qstats(struct mnl_socket *socket, uint32_t ifindex)
{
	char buffer[BUFFER];
	struct nlmsghdr *header;
	uint16_t family = 0;

	header = request(buffer, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(header, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY_NAME);
	if (ask(socket, header, take_family, &family) < 0)
		return -1;
	header = request(buffer, family, NLM_F_DUMP, NETDEV_CMD_QSTATS_GET);
	mnl_attr_put_u32(header, NETDEV_A_QSTATS_IFINDEX, ifindex);
	mnl_attr_put_u32(header, NETDEV_A_QSTATS_SCOPE,
			 NETDEV_QSTATS_SCOPE_QUEUE);
	return ask(socket, header, print_queue, NULL);
}

int main(int argc, char **argv)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_GENERIC);
	uint32_t ifindex = argc == 2 ? if_nametoindex(argv[1]) : 0;

	if (!ifindex) {
		fputs("usage: qstats INTERFACE\n", stderr);
		return 2;
	}
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    qstats(socket, ifindex) < 0) {
		fprintf(stderr, "qstats: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	mnl_socket_close(socket);
	return 0;
}
