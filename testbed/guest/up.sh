#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs in L1, by hand: one guest with one context, vm1, ready to be used.

set -euo pipefail
. /cdna/testbed/guest/lib.sh

echo "loading cdna_mdev, starting libvirt ..."
guest_host
echo "making a context, starting vm1 ..."
guest_context context1.xml
guest_define vm1 domain-one-context.xml
guest_boot vm1
guest_run vm1 "ip link set eth0 up
	ip addr add 198.18.0.11/24 dev eth0
	ip addr add fdcd:a0::11/96 dev eth0 nodad
	ip addr show eth0"
cat <<'END'
The peer is 198.18.0.1. Reach vm1 by:
    virsh console vm1        (Ctrl-] leaves it)
    ping 198.18.0.1          (in vm1)
END
