# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The NICs that L1 sees and their driver, for tests that run in L1.

module=/cdna/build/modules/l1/kernel/cdna_mdev/cdna_mdev.ko

# A number from the ABI's headers: their only home.
abi()
{
	local value

	value=$(sed -n "s/^#define[[:space:]]*$1[[:space:]]*\([0-9a-fx]*\).*/\1/p" \
		/cdna/include/cdna/regs.h)
	printf '%d\n' "$value"
}

id=$(printf '%04x:%04x' "$(abi CDNA_PCI_VENDOR_ID)" \
	"$(abi CDNA_PCI_DEVICE_ID_NIC)")
mapfile -t devices < <(lspci -D -d "$id" | cut -d' ' -f1)
sys=/sys/bus/pci/devices

# What is not in the kernel's own tree has its dependencies loaded by hand.
load()
{
	local needs

	needs=$(modinfo -F depends "$module") || return
	# shellcheck disable=SC2086 # a list
	[[ -z $needs ]] || modprobe -a ${needs//,/ } || return
	insmod "$module"
}
