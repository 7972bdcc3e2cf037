# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The beginning: L1, the peer, contexts, machines.

setup_cases()
{
	vm_case 60 "L1 is ready, and the host module loads" setup_host
	vm_case 20 "the files of libvirt-xml are valid" setup_valid
	vm_case 40 "a context that libvirt keeps comes back with its address" \
		setup_persistent
	vm_case 30 "virsh nodedev-create makes three contexts" setup_contexts
	vm_case 200 "two machines start, with the cards of three contexts" \
		setup_guests
	vm_case 20 "the cards say what they are" setup_identity
	vm_case 30 "all of them reach each other" setup_reach
	vm_needed
}

setup_host()
{
	peer_wire 0
	peer_wire 1
	l1 guest_host
}

setup_valid()
{
	l1 'for file in /cdna/libvirt-xml/*.xml; do
		virt-xml-validate "$file"
	done'
}

# Defined, as at a boot: destroyed and started, and by mdevctl alone. libvirt
# hears of what mdevctl does, and lists it, a moment later.
setup_persistent()
{
	l1 'name=mdev_cda00000_0000_4000_8000_000000000001_0000_01_00_0
	address=$(guest_sysfs '"${VM_UUID[1]}"')/mac_address
	guest_virsh nodedev-define /cdna/libvirt-xml/context1.xml
	guest_virsh nodedev-autostart $name
	for start in "guest_virsh nodedev-start $name" \
		"mdevctl start -u '"${VM_UUID[1]}"'"; do
		$start
		grep -ix '"${VM_MAC[1]}"' $address
		guest_virsh nodedev-destroy $name
		[[ ! -e $address ]]
	done
	guest_virsh nodedev-info $name | tee /dev/stderr |
		grep "^Autostart: *yes"
	guest_virsh nodedev-undefine $name
	for try in {1..50}; do
		list=$(guest_virsh nodedev-list --all --cap mdev)
		[[ $list ]] || exit 0
		sleep 0.2
	done
	echo "still listed: $list"
	exit 1'
}

# setup_attribute NAME VALUE: what puts an attribute into a node device.
setup_attribute()
{
	printf "%s\n" "s|</capability>|<attr name=\"$1\" value=\"$2\"/>&|"
}

# The third one has no doorbell page, and its guest may choose its address.
setup_contexts()
{
	l1 "guest_context context1.xml
		guest_context context2.xml
		guest_context context3.xml '$(setup_attribute doorbell_page off)' \
			'$(setup_attribute guest_mac on)'"'
	ls /sys/bus/mdev/devices | wc -l | grep -x 3'
}

# setup_start VM: with what it runs.
setup_start()
{
	l1 "liar=/cdna/build/modules/\$GUEST_MODULES/selftests/vm/liar/cdna_liar.ko
		GUEST_FILES=\"/cdna/build/vm/stream /cdna/build/vm/qstats \$liar\" \
			guest_boot $1"
}

# setup_vm VM: its interfaces and its server.
setup_vm()
{
	local host=1${1#vm}

	guest "$1" MAC1="${VM_MAC[${1#vm}]}" MAC3="${VM_MAC[3]}" HOST="$host" \
		PORT="$VM_PORT" <<-'END'
		net_up "$MAC1" 0 "$HOST"
		[[ $HOST == 11 ]] || net_up "$MAC3" 1 "$HOST"
		sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0
		setsid stream serve "$PORT" >/tmp/serve.log 2>&1 </dev/null &
	END
}

# vm2's cards reach bounce buffers only, as a confidential machine's would.
setup_guests()
{
	l1 "guest_define vm1 domain-one-context.xml
		GUEST_ARGS=swiotlb=force guest_define vm2 domain-two-contexts.xml \
			's|<vcpu>1|<vcpu>$VM_CPUS|'"
	setup_start vm1
	setup_start vm2
	setup_vm vm1
	setup_vm vm2
}

setup_identity()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		ethtool -i "$dev" | tee /tmp/info
		grep -x 'driver: cdna_guest' /tmp/info
		ip -d link show "$dev"
		ip -d link show "$dev" | grep 'maxmtu 9000'
	END
}

setup_reach()
{
	local to

	for to in "$(ip4 0 11)" "$(ip6 0 11)" "$(ip4 0 12)" "$(ip6 0 12)" \
		"$(ip4 1 12)" "$(ip6 1 12)"; do
		peer ping -q -c 3 -i 0.2 -W 2 "$to"
	done
	guest vm1 V4="$(ip4 0 12)" V6="$(ip6 0 12)" <<-'END'
		ping -q -c 3 -i 0.2 -W 2 "$V4"
		ping -q -c 3 -i 0.2 -W 2 "$V6"
	END
}
