// SPDX-License-Identifier: GPL-2.0-only
/* cdna-nicd: a CDNA NIC as a vfio-user PCI device. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "nicd.h"

static void main_announce(const struct nicd *d)
{
	const u8 *mac = d->opt.config.mac;

	log_info("NIC %02x:%02x:%02x:%02x:%02x:%02x, %u contexts, MTU %u, firmware state %zu bytes",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5],
		 d->opt.config.contexts, d->opt.config.mtu, sizeof(*d->nic));
	log_info("wire %s, waiting for a client at %s",
		 d->opt.wire ? d->opt.wire : "none", d->opt.socket);
}

static bool main_serve(struct nicd *d)
{
	bool ok = false;

	if (!pcap_open(&d->pcap, d->opt.pcap)) {
		log_error("--pcap %s: %s", d->opt.pcap, strerror(errno));
		return false;
	}
	if (!loop_init() || !wire_open(&d->wire, d->opt.wire, &d->pcap))
		goto close_wire;
	if (!board_init(d))
		goto fini_board;
	if (!server_open(d))
		goto fini_board;
	main_announce(d);
	loop_run(d);
	log_info("end");
	ok = true;
	server_close(d);
fini_board:
	board_fini(d);
close_wire:
	wire_close(&d->wire);
	pcap_close(&d->pcap);
	return ok;
}

int main(int argc, char **argv)
{
	struct options opt;
	struct nicd *d;
	bool ok;

	switch (options_parse(&opt, argc, argv)) {
	case OPTIONS_BAD:
		return OPTIONS_EXIT_BAD;
	case OPTIONS_DONE:
		return EXIT_SUCCESS;
	case OPTIONS_RUN:
		break;
	}
	if (!log_open(opt.log)) {
		fprintf(stderr, "cdna-nicd: --log %s: %s\n", opt.log,
			strerror(errno));
		return OPTIONS_EXIT_BAD;
	}
	d = calloc(1, sizeof(*d));
	if (!d) {
		log_error("no memory");
		return EXIT_FAILURE;
	}
	d->opt = opt;
	ok = main_serve(d);
	free(d);
	log_close();
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
