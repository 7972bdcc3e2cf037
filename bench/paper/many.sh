# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Part of l1.sh: up to 24 machines, each with a virtio card of vhost-net in the bridge over
# the igb, a virtio card that is a context of a softnic in the same bridge, and a context of
# one of the two NICs, which take turns.

running=0
ROWS=(vhost softnic_virtio page)
declare -A PREFIX=([vhost]=198.18.100 [softnic_virtio]=198.18.103)

many_mac() { printf '52:54:00:cd:%s:%02x' "$1" "$2"; }
many_uuid() { printf 'cda00000-0000-4000-8000-%010d%02x' "$1" "$2"; }
many_address() { printf '%s.%d' "${PREFIX[$1]:-198.18.$(($2 % 2))}" $(($2 + 10)); }

prepare()
{
	local pci=() nic

	modprobe -a tun vhost_net
	guest_bridge cdnabr
	guest_host
	guest_softnic
	for nic in /sys/bus/pci/drivers/cdna_mdev/0000:*; do
		pci+=("${nic##*/}")
	done
	nics=("${pci[@]}")
}

# many_machine N: define it
many_machine()
{
	local n=$1 nic=${nics[$1 % 2]} cards soft page
	local name=vm$n

	page=$(many_uuid 1 "$n")
	soft=$(many_uuid 2 "$n")
	guest_context context1.xml \
		"s|<parent>.*<|<parent>pci_${nic//[:.]/_}<|" \
		"s|<uuid>.*<|<uuid>$page<|" \
		"s|52:54:00:cd:a0:01|$(many_mac a1 "$n")|"
	ways_port "$soft" "$(many_mac b2 "$n")" virtio
	cards=$(ways_card "$(many_mac b1 "$n")" bridge "bridge='cdnabr'"
		ways_hostdev "$soft")
	guest_define "$name" domain-one-context.xml \
		"s|<address uuid='.*'/>|<address uuid='$page'/>|" \
		"s|<memballoon|$cards<memballoon|"
}

many_addresses()
{
	local n=$1

	guest_run "vm$n" "modprobe virtio_net
		/guest.sh address $(many_mac b1 "$n") $(many_address vhost "$n")
		/guest.sh address $(many_mac b2 "$n") $(many_address softnic_virtio "$n")
		/guest.sh address $(many_mac a1 "$n") $(many_address page "$n")
		/serve.sh"
}

machines()
{
	local n
	local -a names=()

	for ((n = running; n < $1; n++)); do
		many_machine "$n"
		# Two at a time: each that boots takes time from the other.
		names+=("vm$n")
		((${#names[@]} == 2 || n == $1 - 1)) || continue
		guest_boot "${names[@]}"
		names=()
	done
	for ((; running < $1; running++)); do
		many_addresses "$running"
	done
}

rows()
{
	local row n

	for row in "${ROWS[@]}"; do
		printf '"%s":[' "$row"
		for ((n = 0; n < running; n++)); do
			printf '"%s",' "$(many_address "$row" "$n")"
		done | sed 's/,$//'
		printf '],'
	done | sed 's/^/{/; s/,$/}/'
}

pinned() { echo null; }

stop()
{
	local n

	# 24 orderly shutdowns would take longer than what is measured.
	for ((n = 0; n < running; n++)); do
		guest_kill "vm$n"
	done
}
