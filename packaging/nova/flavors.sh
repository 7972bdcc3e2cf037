#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Flavors with a context of each type. The
# classes are those of cdna.conf.

set -e
openstack flavor create cdna.context --ram 2048 --disk 10 --vcpus 1 \
	--property resources:CUSTOM_CDNA_CONTEXT=1
openstack flavor create cdna.virtio --ram 2048 --disk 10 --vcpus 1 \
	--property resources:CUSTOM_CDNA_VIRTIO=1
