# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A machine whose driver is broken, or hostile: mailboxes say more than the host
# has accepted. The NIC stops the queue, and the driver, which knows nothing of it,
# makes it anew: streams go on.
#
# And a device that lies. The driver notices, does nothing by what it was told, and
# makes the queues anew. Both lies are told by the module of liar/.

FAULT_LIES=(tx_cons rx_prod short long endless index merged random)

fault_cases()
{
	local lie

	vm_case 60 "a transmit mailbox a few too far: a fault, and the streams go on" \
		fault_mailbox TX 100 nic_sequence 'sequence number is wrong'
	vm_case 60 "a transmit mailbox far too far: the same" \
		fault_mailbox TX 1000000 nic_too_far 'more than a ring ahead'
	vm_case 60 "a receive mailbox too far: the same" \
		fault_mailbox RX 2000 nic_too_far 'more than a ring ahead'
	for lie in "${FAULT_LIES[@]}"; do
		vm_case 60 "a device lies ($lie): its machine notices, and lives" \
			fault_lie "$lie"
	done
}

# fault_mailbox TX|RX AHEAD REASON WORDS: the host counts the REASON, and the
# machine's log has the WORDS.
fault_mailbox()
{
	local way=$1 ahead=$2 reason=$3 words=$4 before

	before=$(context 1 "faults/$reason")
	trap fault_end EXIT
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" PORT="$VM_PORT" WAY="$way" \
		AHEAD="$ahead" WORDS="$words" <<-'END'
		dev=$(card "$MAC")
		pci=/sys/class/net/$dev/device
		read -r mailbox _ <"$pci/resource"
		[[ $WAY == TX ]] || mailbox=$((mailbox + 4))
		count() { ethtool -S "$dev" | awk -v n="$1:" '$1 == n { print $2 }'; }
		is_now() { [[ $(count "$1") == "$2" ]]; }

		flow_start up stream send "$TO" "$PORT" 500000
		flow_start down stream recv "$TO" "$PORT" 500000
		flow_moves up 20
		flow_moves down 20
		faults=$(count faults) restarts=$(count restarts)
		dmesg -n 1
		dmesg -C
		lie_with mailbox="$mailbox" ahead="$AHEAD"
		until_true 20 is_now faults $((faults + 1))
		until_true 20 is_now restarts $((restarts + 1))
		dmesg
		dmesg | grep "queue 0 was stopped at descriptor .*$WORDS"
		dmesg | grep restarting
		until_true 20 has_carrier "$dev"
		flow_moves up 30
		flow_moves down 30
		flow_stop up
		flow_stop down
	END
	echo "$reason" >>"$VM_DIR/faulted"
	(($(context 1 "faults/$reason") == before + 1))
	[[ $(context 1 state) == active ]]
}

# fault_lie LIE: given back first, because the driver waits the longer the more often
# it has to start anew. Interrupts are held back, so that lies come before polls.
fault_lie()
{
	lifecycle_sysfs revoked
	lifecycle_sysfs configured
	trap fault_end EXIT
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" PORT="$VM_PORT" \
		LIE="$1" <<-'END'
		dev=$(card "$MAC")
		until_true 20 has_carrier "$dev"
		address() { od -A n -t u8 -j "$1" -N 8 /tmp/registers | tr -d ' '; }
		slots=$(ethtool -g "$dev" | awk '/^RX:/ { print $2 }' | tail -n 1)
		invalid()
		{
			ethtool -S "$dev" |
				awk '/^ *(tx_invalid_index|rx_invalid_completion):/ { print n += $2 }' |
				tail -n 1
		}
		restarts() { ethtool -S "$dev" | awk '/ restarts:/ { print $2 }'; }
		is_past() { (($("$1") > $2)); }

		flow_start up stream send "$TO" "$PORT" 500000
		flow_start down stream recv "$TO" "$PORT" 500000
		flow_moves up 20
		flow_moves down 20
		dmesg -n 1
		dmesg -C
		before=$(invalid) started=$(restarts)
		ethtool -C "$dev" rx-usecs 10000 rx-frames 0
		# Until a poll has met one, which on a slow machine takes a while; and
		# only about queues that nobody unmakes just then
		told()
		{
			ethtool -d "$dev" raw on >/tmp/registers
			lie_with status="$(address 76)" comp="$(address 124)" \
				slots="$slots" lie="$LIE"
			sleep 0.5
			is_past invalid "$before"
		}
		until_true 10 told
		ethtool -C "$dev" rx-usecs 100 rx-frames 64
		until_true 20 is_past restarts "$started"
		dmesg
		dmesg | grep 'the device wrote an invalid index or completion for queue pair 0'
		! dmesg | grep -E 'BUG|WARNING|Call Trace|Oops' || exit 1
		until_true 20 has_carrier "$dev"
		flow_moves up 30
		flow_moves down 30
		flow_stop up
		flow_stop down
	END
}

# Its complaint is wanted, so it is kept from the log of the console.
fault_end()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		flow_end up
		flow_end down
		ethtool -C "$(card "$MAC")" rx-usecs 100 rx-frames 64 || true
		dmesg -n 5
		dmesg -C
	END
}
