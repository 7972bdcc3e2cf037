/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_OPTIONS_H
#define NICD_OPTIONS_H

#include "core/nic.h"

#define OPTIONS_EXIT_BAD	2	/* exit status after bad input */

/**
 * struct options - the command line
 * @socket: where the client connects
 * @wire: tap:NAME or unix:PATH; NULL: no wire
 * @pcap: capture file, NULL: none
 * @log: log file, NULL: standard error
 * @trace: log each message and interrupt
 * @config: configuration of the firmware
 */
struct options {
	const char *socket;
	const char *wire;
	const char *pcap;
	const char *log;
	bool trace;
	struct fw_config config;
};

/**
 * enum options_result - of options_parse()
 * @OPTIONS_RUN: go on
 * @OPTIONS_DONE: it was a question, and is answered
 * @OPTIONS_BAD: the message said what to change
 */
enum options_result {
	OPTIONS_RUN,
	OPTIONS_DONE,
	OPTIONS_BAD,
};

enum options_result options_parse(struct options *opt, int argc, char **argv);

#endif /* NICD_OPTIONS_H */
