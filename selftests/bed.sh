# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): SELFTESTS, a command for L1. Its programs answer no
# ARP requests, so the peer must not make any about what it has learned from them.

rc=0
# In a shell of its own: bed_exec ends the one that calls it.
(bed_exec sysctl -qw net.ipv4.neigh.wire0.delay_first_probe_time=3600)
bed_up
bed_versions
bed_l1 "$SELFTESTS" || rc=$?
bed_down || exit
exit "$rc"
