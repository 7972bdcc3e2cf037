#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs where measured traffic ends: answers iperf3 and netperf at all addresses.

set -euo pipefail
iperf3 -s -D
netserver >/dev/null
