// SPDX-License-Identifier: GPL-2.0-only
/* The command line. */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

#include "wire.h"

#define OPTIONS_STR2(x)		#x
#define OPTIONS_STR(x)		OPTIONS_STR2(x)

#define OPTIONS_MTU		1500
#define OPTIONS_SPEED		10000

static const char options_help[] =
"NAME\n"
"    cdna-nicd - a CDNA NIC as a vfio-user PCI device\n"
"\n"
"SYNOPSIS\n"
"    cdna-nicd --socket PATH [--wire tap:NAME | tap-gso:NAME | unix:PATH]\n"
"              [--mac MAC] [--contexts N] [--mtu N] [--speed N]\n"
"              [--pcap FILE] [--trace] [--log FILE]\n"
"\n"
"DESCRIPTION\n"
"    Runs the firmware of a CDNA NIC and offers it as a PCI function over the\n"
"    vfio-user protocol. QEMU 10.1 or later plugs it into a machine whose\n"
"    memory is shared:\n"
"\n"
"        -object memory-backend-memfd,id=mem0,size=4G,share=on\n"
"        -machine q35,memory-backend=mem0\n"
"        -device '{\"driver\":\"vfio-user-pci\",\n"
"                  \"socket\":{\"type\":\"unix\",\"path\":\"PATH\"}}'\n"
"\n"
"    One client at a time; when it leaves, the NIC is reset and waits for the\n"
"    next. Nothing needs root, but for making a TAP.\n"
"\n"
"OPTIONS\n"
"    --socket PATH    UNIX socket to listen on; a dead one is replaced\n"
"    --wire tap:NAME  wire: a TAP interface, made if there is none\n"
"    --wire tap-gso:NAME\n"
"                     the same; TCP segments in a row reach the kernel as one\n"
"    --wire unix:PATH wire: another NIC, started with the same PATH\n"
"                     Without --wire the link is down, and frames go between\n"
"                     contexts only.\n"
"    --mac MAC        the NIC's own address, unicast; contexts derive theirs\n"
"                     from it. Default: made from the socket's path\n"
"    --contexts N     contexts, 1 to " OPTIONS_STR(FW_MAX_CONTEXTS) ". Default: "
	OPTIONS_STR(FW_MAX_CONTEXTS) "\n"
"    --mtu N          of the wire, " OPTIONS_STR(CDNA_MIN_MTU) " to "
	OPTIONS_STR(CDNA_MAX_MTU) " bytes. Default: "
	OPTIONS_STR(OPTIONS_MTU) "\n"
"    --speed N        link speed told to drivers, in Mb/s. Default: "
	OPTIONS_STR(OPTIONS_SPEED) "\n"
"    --pcap FILE      write what crosses the wire, for tcpdump -r\n"
"    --trace          log each message and interrupt, decoded\n"
"    --log FILE       append the log to FILE. Default: standard error\n"
"    --help           this\n"
"    --version        firmware and ABI version\n"
"\n"
"SIGNALS\n"
"    SIGUSR1          print all counters to the log\n"
"    SIGTERM, SIGINT  end: remove the socket, write out the capture\n"
"\n"
"EXIT STATUS\n"
"    0 ended by a signal; 1 something failed; 2 the command line is wrong\n";

static bool options_number(const char *name, const char *value, u32 min,
			   u32 max, u32 *to)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(value, &end, 10);
	if (errno || end == value || *end || *value < '0' || *value > '9' ||
	    n < min || n > max) {
		fprintf(stderr, "cdna-nicd: --%s %s: give a number from %u to %u\n",
			name, value, min, max);
		return false;
	}
	*to = (u32)n;
	return true;
}

/* Six pairs of hexadecimal digits and colons, and nothing else */
static bool options_mac_parse(const char *value, u8 *mac)
{
	char pair[3] = "";
	u32 i;

	if (strlen(value) != FW_ETH_ALEN * 3 - 1)
		return false;
	for (i = 0; i < FW_ETH_ALEN; i++) {
		memcpy(pair, value + 3 * i, 2);
		if (!isxdigit((u8)pair[0]) || !isxdigit((u8)pair[1]) ||
		    (i && value[3 * i - 1] != ':'))
			return false;
		mac[i] = (u8)strtoul(pair, NULL, 16);
	}
	return true;
}

static bool options_mac(const char *value, u8 *mac)
{
	static const u8 zero[FW_ETH_ALEN];

	if (options_mac_parse(value, mac) && !(mac[0] & 1) &&
	    memcmp(mac, zero, sizeof(zero)))
		return true;
	fprintf(stderr, "cdna-nicd: --mac %s: give a unicast address like 02:00:00:00:00:01\n",
		value);
	return false;
}

/* Locally administered; the same for the same path, so that leases last */
static void options_default_mac(struct options *opt)
{
	u8 *mac = opt->config.mac;
	const char *p;
	u32 hash = 2166136261u;

	for (p = opt->socket; *p; p++)
		hash = (hash ^ (u8)*p) * 16777619u;
	mac[0] = 0x02;
	mac[1] = 0xcd;
	fw_put_be32(mac + 2, hash);
	/* Contexts count on from the last byte. */
	mac[5] = 0;
}

static bool options_wire(struct options *opt, const char *value)
{
	const char *wrong = wire_check(value);

	if (wrong) {
		fprintf(stderr, "cdna-nicd: --wire %s: %s\n", value, wrong);
		return false;
	}
	opt->wire = value;
	return true;
}

static bool options_socket(struct options *opt, const char *value)
{
	struct sockaddr_un addr;

	if (!*value || strlen(value) >= sizeof(addr.sun_path)) {
		fprintf(stderr, "cdna-nicd: --socket %s: give a path of 1 to %zu characters\n",
			value, sizeof(addr.sun_path) - 1);
		return false;
	}
	opt->socket = value;
	return true;
}

static bool options_mtu(struct options *opt, const char *value)
{
	u32 mtu;

	if (!options_number("mtu", value, CDNA_MIN_MTU, CDNA_MAX_MTU, &mtu))
		return false;
	opt->config.mtu = (u16)mtu;
	return true;
}

static const struct option options_table[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "wire", required_argument, NULL, 'w' },
	{ "mac", required_argument, NULL, 'm' },
	{ "contexts", required_argument, NULL, 'c' },
	{ "mtu", required_argument, NULL, 'u' },
	{ "speed", required_argument, NULL, 'e' },
	{ "pcap", required_argument, NULL, 'p' },
	{ "trace", no_argument, NULL, 't' },
	{ "log", required_argument, NULL, 'l' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static bool options_one(struct options *opt, int c, const char *value)
{
	switch (c) {
	case 's':
		return options_socket(opt, value);
	case 'w':
		return options_wire(opt, value);
	case 'm':
		return options_mac(value, opt->config.mac);
	case 'c':
		return options_number("contexts", value, 1, FW_MAX_CONTEXTS,
				      &opt->config.contexts);
	case 'u':
		return options_mtu(opt, value);
	case 'e':
		return options_number("speed", value, 1, CDNA_MAX_RATE_MBPS,
				      &opt->config.speed);
	case 'p':
		opt->pcap = value;
		return true;
	case 't':
		opt->trace = true;
		return true;
	case 'l':
		opt->log = value;
		return true;
	default:
		fprintf(stderr, "cdna-nicd: see cdna-nicd --help\n");
		return false;
	}
}

static void options_version(void)
{
	printf("cdna-nicd: firmware %d.%d.%d, ABI %d.%d\n", FW_VERSION >> 24,
	       FW_VERSION >> 16 & 0xff, FW_VERSION & 0xffff, CDNA_ABI_MAJOR,
	       CDNA_ABI_MINOR);
}

static bool options_check(struct options *opt, int argc, char **argv)
{
	static const u8 zero[FW_ETH_ALEN];

	if (optind < argc) {
		fprintf(stderr, "cdna-nicd: %s: options begin with --; see cdna-nicd --help\n",
			argv[optind]);
		return false;
	}
	if (!opt->socket) {
		fprintf(stderr, "cdna-nicd: --socket PATH is missing: where shall the client connect?\n");
		return false;
	}
	if (!memcmp(opt->config.mac, zero, sizeof(zero)))
		options_default_mac(opt);
	return true;
}

/**
 * options_parse() - read the command line
 * @opt: result
 * @argc: from main()
 * @argv: from main(), lives as long as @opt
 *
 * Return: what to do now.
 */
enum options_result options_parse(struct options *opt, int argc, char **argv)
{
	int c;

	*opt = (struct options){
		.config = {
			.contexts = FW_MAX_CONTEXTS,
			.mtu = OPTIONS_MTU,
			.speed = OPTIONS_SPEED,
		},
	};
	while ((c = getopt_long(argc, argv, "", options_table, NULL)) != -1) {
		if (c == 'h') {
			fputs(options_help, stdout);
			return OPTIONS_DONE;
		}
		if (c == 'v') {
			options_version();
			return OPTIONS_DONE;
		}
		if (!options_one(opt, c, optarg))
			return OPTIONS_BAD;
	}
	return options_check(opt, argc, argv) ? OPTIONS_RUN : OPTIONS_BAD;
}
