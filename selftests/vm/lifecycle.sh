# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What can come over a machine that lives: its card is revoked and given back,
# its driver unloaded, it sleeps, it starts anew. All with streams that run.

lifecycle_cases()
{
	vm_case 90 "revoked and given back by sysfs, under traffic" \
		lifecycle_revoke lifecycle_sysfs
	vm_case 90 "revoked and given back by devlink, under traffic" \
		lifecycle_revoke lifecycle_devlink
	vm_case 60 "suspended and resumed under traffic" lifecycle_suspend
	vm_case 60 "reset by sysfs, twice, under traffic" lifecycle_reset
	vm_case 90 "switched off in the machine: a transmit timeout finds it" \
		lifecycle_off
	vm_case 90 "unbound and bound, removed and found, under traffic" \
		lifecycle_rebind
	vm_case 90 "the driver is unloaded and loaded under traffic, three times" \
		lifecycle_reload
	vm_case 120 "virsh reboot under traffic" lifecycle_reboot reboot
	vm_case 120 "virsh reset under traffic" lifecycle_reboot reset
}

# One connection each way, which has to survive what comes.
lifecycle_start()
{
	guest vm1 TO="$(ip4 0 1)" V6="$(ip6 0 1)" PORT="$VM_PORT" <<-'END'
		flow_start up stream send "$TO" "$PORT" 1000000000000
		flow_start down stream recv "$V6" "$PORT" 1000000000000
		connection_moves bytes_acked "$TO" 20
		connection_moves bytes_received "[$V6]" 20
		dmesg -C
	END
}

# They go on, and are the same ones.
lifecycle_goes_on()
{
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" V6="$(ip6 0 1)" <<-'END'
		until_true 10 has_carrier "$(card "$MAC")"
		connection_moves bytes_acked "$TO" 30
		connection_moves bytes_received "[$V6]" 30
		for flow in up down; do
			[[ $(flow_count "$flow") == 0 ]]
			flow_stop "$flow"
		done
	END
}

lifecycle_end()
{
	guest vm1 <<-'END'
		flow_end up
		flow_end down
	END
}

# lifecycle_sysfs revoked|configured
lifecycle_sysfs()
{
	l1 "echo $1 >\$(guest_sysfs ${VM_UUID[1]})/state"
}

lifecycle_devlink()
{
	local state=active

	[[ $1 != revoked ]] || state=inactive
	l1 "cd \$(guest_sysfs ${VM_UUID[1]})
		port=pci/\$(basename \$(dirname \$(readlink -f .)))/\$(cat context)
		devlink port function set \$port state $state"
}

# lifecycle_revoke FUNCTION: the streams survive: TCP waits for its turn.
lifecycle_revoke()
{
	lifecycle_start
	# shellcheck disable=SC2064 # the function of now
	trap "$1 configured; lifecycle_end" EXIT
	"$1" revoked
	[[ $(context 1 state) == revoked ]]
	[[ $(context 1 statistics/pins_now) == 0 ]]
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" <<-'END'
		dev=$(card "$MAC")
		until_true 5 has_no_carrier "$dev"
		dmesg | grep 'the host has revoked this device'
		! ping -q -c 1 -W 1 "$TO" || exit 1
	END
	"$1" configured
	lifecycle_goes_on
	trap - EXIT
}

# Devices only: it is our driver that is tested, and the machine has nobody who
# would wake it. Its agent sleeps as well.
lifecycle_suspend()
{
	lifecycle_start
	trap lifecycle_end EXIT
	guest vm1 <<-'END'
		grep -w devices /sys/power/pm_test
		[[ ! -e /sys/module/suspend/parameters/pm_test_delay ]] ||
			echo 2 >/sys/module/suspend/parameters/pm_test_delay
		cat >/tmp/suspend.sh <<'SUSPEND'
		sleep 1
		echo devices >/sys/power/pm_test
		echo freeze >/sys/power/state
		echo "status $?"
		echo none >/sys/power/pm_test
		SUSPEND
		setsid bash /tmp/suspend.sh >/tmp/suspend.log 2>&1 </dev/null &
	END
	sleep 6
	until_true 20 lifecycle_boot_id
	guest vm1 <<-'END'
		until_true 20 grep status /tmp/suspend.log
		cat /tmp/suspend.log
		grep -x 'status 0' /tmp/suspend.log
		dmesg | grep 'suspend debug: Waiting'
	END
	lifecycle_goes_on
	trap - EXIT
}

lifecycle_reset()
{
	lifecycle_start
	trap lifecycle_end EXIT
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		for i in 1 2; do
			echo 1 >"/sys/class/net/$(card "$MAC")/device/reset"
		done
	END
	lifecycle_goes_on
	trap - EXIT
}

# Memory decoding off: no mailbox and no command arrives, and DMA goes on. The
# kernel looks at full queues only: they are made short. Its complaint is wanted,
# so it is kept from the log of the console.
lifecycle_off()
{
	lifecycle_start
	trap lifecycle_end EXIT
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		pci=$(basename "$(readlink -f "/sys/class/net/$dev/device")")
		limit=/sys/class/net/$dev/queues/tx-0/byte_queue_limits/limit_max
		old=$(cat "$limit")
		is_on() { [[ $(setpci -s "$pci" COMMAND.w) == *[2367abef] ]]; }
		trap 'echo "$old" >"$limit"; dmesg -n 5; dmesg -C' EXIT
		dmesg -n 1
		echo 3000 >"$limit"
		is_on
		setpci -s "$pci" COMMAND.w=0
		until_true 30 is_on
		until_true 20 has_carrier "$dev"
		dmesg
		dmesg | grep 'memory decoding of this device was switched off'
		(($(dmesg | grep -c 'NETDEV WATCHDOG') == 1))
		! dmesg | grep -E 'Call Trace|is gone' || exit 1
		ethtool -S "$dev" | grep -x ' *timeouts: 1'
	END
	lifecycle_goes_on
	trap - EXIT
}

# Of the last time, the host knows.
lifecycle_rebind()
{
	lifecycle_start
	trap 'lifecycle_bind; lifecycle_end' EXIT
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		pci=$(basename "$(readlink -f \
			"/sys/class/net/$(card "$MAC")/device")")
		echo "$pci" >/tmp/pci
		again()
		{
			flow_end up
			net_up "$MAC" 0 11
			flow_start up stream send "$TO" "$PORT" 500000
		}
		for i in {1..4}; do
			echo "$pci" >/sys/bus/pci/drivers/cdna_guest/unbind
			echo "$pci" >/sys/bus/pci/drivers/cdna_guest/bind
			again
		done
		echo 1 >"/sys/bus/pci/devices/$pci/remove"
		echo 1 >/sys/bus/pci/rescan
		again
		flow_moves up 20
		echo "$pci" >/sys/bus/pci/drivers/cdna_guest/unbind
	END
	[[ $(context 1 state) == configured ]]
	lifecycle_bind
	lifecycle_end
	traffic_tcp vm1 4 1
	trap - EXIT
}

lifecycle_bind()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		card "$MAC" || cat /tmp/pci >/sys/bus/pci/drivers/cdna_guest/bind
		net_up "$MAC" 0 11
	END
}

lifecycle_reload()
{
	lifecycle_start
	trap lifecycle_end EXIT
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" V6="$(ip6 0 1)" \
		PORT="$VM_PORT" <<-'END'
		gone() { ! card "$MAC"; }
		for i in 1 2 3; do
			rmmod cdna_guest
			gone
			flow_end up
			flow_end down
			insmod /cdna_guest.ko
			net_up "$MAC" 0 11
			flow_start up stream send "$TO" "$PORT" 500000
			flow_start down stream recv "$V6" "$PORT" 500000
			flow_moves up 20
			flow_moves down 20
		done
	END
}

lifecycle_boot_id()
{
	guest vm1 <<-'END' 2>/dev/null
		cat /proc/sys/kernel/random/boot_id
	END
}

lifecycle_is_new()
{
	local id

	id=$(lifecycle_boot_id) && [[ $id && $id != "$1" ]]
}

# lifecycle_reboot reboot|reset
lifecycle_reboot()
{
	local id

	lifecycle_start
	id=$(lifecycle_boot_id)
	[[ $id ]]
	case $1 in
	reboot)
		# attempt.sh counts resets that nobody asked for.
		echo vm1 >>"$VM_DIR/asked"
		l1 "guest_virsh reboot vm1 --mode agent"
		;;
	reset) l1 "guest_virsh reset vm1" ;;
	esac
	until_true 90 lifecycle_is_new "$id"
	setup_vm vm1
	traffic_tcp vm1 4 1
	traffic_tcp vm1 6 1
	peer_stream recv "$(ip4 0 11)" "$VM_PORT" 500000
}
