# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Contexts of L1 itself, for scripts that have sourced lib.sh:
#
#   guest_subfunction	add a sub-function of the (first) NIC; print its interface

guest_subfunction()
{
	local driver=$GUEST_BUILT/cdna_guest/cdna_guest.ko each needs nic port

	[[ -d /sys/module/cdna_guest ]] || {
		needs=$(modinfo -F depends "$driver")
		# shellcheck disable=SC2086 # a list
		[[ ! $needs ]] || modprobe -a ${needs//,/ } || return
		insmod "$driver" || return
	}
	for nic in /sys/bus/pci/drivers/cdna_mdev/*:*; do break; done
	port=$(devlink port add "pci/${nic##*/}" flavour pcisf pfnum 0 |
		sed -n 's|^\(pci/.*\): .*|\1|p')
	[[ $port ]] && devlink port function set "$port" state active || return
	for each in "$nic"/cdna_mdev.sf.*; do
		[[ $(<"$each/sfnum") != "${port##*/}" ]] || basename "$each"/net/*
	done
}
