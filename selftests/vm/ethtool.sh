# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What ethtool shows and sets, and that it has an effect.

ethtool_cases()
{
	vm_case 30 "the self-test passes, and fails without a link" ethtool_test
	vm_case 20 "the register dump is the register page" ethtool_registers
	vm_case 40 "ring sizes are set and shown, within limits" ethtool_rings
	vm_case 30 "moderation is set and shown, within limits" ethtool_moderation
	vm_case 60 "moderation holds interrupts back; adaptive, it finds its own" \
		ethtool_moderates
	vm_case 40 "the link of the wire is that of the card" ethtool_link
	vm_case 60 "counters count what was sent and received" ethtool_counters
	((VM_CPUS == 1)) ||
		vm_case 60 "a machine with two processors uses two queue pairs" \
			ethtool_pairs
}

ethtool_test()
{
	peer_wire 0
	trap 'peer_wire 0; shapes_restore_mtu' EXIT
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		ethtool -t "$dev" online | tee /tmp/test
		(($(grep -c '(online).*[[:space:]]0$' /tmp/test) == 4))
		ethtool -t "$dev" offline | tee /tmp/test
		(($(grep -c 'line).*[[:space:]]0$' /tmp/test) == 5))
		until_true 10 has_carrier "$dev"
		ip link set "$dev" down
		! ethtool -t "$dev" online || exit 1
	END
	shapes_restore_mtu
	peer ip link set wire0 down
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		until_true 10 has_no_carrier "$dev"
		! ethtool -t "$dev" online >/tmp/test || exit 1
		grep '^Link (online).*[[:space:]][1-9]' /tmp/test
		grep '^Registers (online).*[[:space:]]0$' /tmp/test
	END
}

# Its first words are version 1 of the interface and a magic number.
ethtool_registers()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		ethtool -d "$(card "$MAC")" raw on >/tmp/registers
		(($(stat -c %s /tmp/registers) == 4096))
		word() { od -A n -t x4 -j "$1" -N 4 /tmp/registers | tr -d ' '; }
		[[ $(word 0) == 0001???? ]]
		[[ $(word 4) == 564e4443 ]]
		[[ $(word 12) == 00000002 ]]
		mac=$(od -A n -t x1 -j 32 -N 6 /tmp/registers)
		[[ ${mac# } == "${MAC//:/ }" ]]
	END
}

ethtool_rings()
{
	trap shapes_restore_mtu EXIT
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		dev=$(card "$MAC")
		now() { ethtool -g "$dev" | awk -v dir="$1:" '$1 == dir' |
			tail -n 1 | awk '{ print $2 }'; }
		before="$(now TX) $(now RX)"
		for sizes in "64 4096" "4096 64" "256 128"; do
			read -r tx rx <<<"$sizes"
			ethtool -G "$dev" tx "$tx" rx "$rx"
			[[ $(now TX) == "$tx" && $(now RX) == "$rx" ]]
			until_true 10 has_carrier "$dev"
			stream send "$TO" "$PORT" 300000
			stream recv "$TO" "$PORT" 300000
		done
		for bad in "tx 100" "rx 32" "tx 8192" "rx 0"; do
			# shellcheck disable=SC2086 # two words
			! ethtool -G "$dev" $bad || exit 1
		done
		[[ $(now TX) == 256 && $(now RX) == 128 ]]
		read -r tx rx <<<"$before"
		ethtool -G "$dev" tx "$tx" rx "$rx"
	END
}

ethtool_moderation()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		default=(adaptive-rx off rx-usecs 100 rx-frames 64)
		trap 'ethtool -C "$dev" "${default[@]}" || true' EXIT
		shows()
		{
			local out

			out=$("${@:2}")
			grep -qx "$1" <<<"$out" || { echo "$out"; return 1; }
		}
		ethtool -C "$dev" rx-usecs 37 rx-frames 11
		shows 'rx-usecs:.*37' ethtool -c "$dev"
		shows 'rx-frames:.*11' ethtool -c "$dev"
		ethtool -C "$dev" adaptive-rx on
		shows 'Adaptive RX: on.*' ethtool -c "$dev"
		! ethtool -C "$dev" rx-usecs 10001 || exit 1
		! ethtool -C "$dev" rx-frames 4097 || exit 1
		! ethtool -C "$dev" tx-usecs 5 || exit 1
		shows 'rx-usecs:.*37' ethtool -c "$dev"
		ethtool -Q "$dev" queue_mask 0x1 --coalesce rx-usecs 41
		shows 'rx-usecs:.*41' ethtool -Q "$dev" queue_mask 0x1 \
			--show-coalesce
		! ethtool -Q "$dev" queue_mask 0x2 --coalesce rx-usecs 42 || exit 1
		shows 'rx-usecs:.*41' ethtool -c "$dev"
	END
}

# An interrupt about the transmit, which is news as well, waits for 10 ms, and so
# does the answer; unless moderation finds by itself that nothing else comes.
ethtool_moderates()
{
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" <<-'END'
		dev=$(card "$MAC")
		trap 'ethtool -C "$dev" adaptive-rx off rx-usecs 100 rx-frames 64' \
			EXIT
		# least COUNT: of that many round trips, in microseconds
		least()
		{
			ping -q -c "$1" -i 0.015 -W 2 "$TO" | awk -F '[ /]' \
				'/^rtt/ { printf "%d\n", $7 * 1000 }'
		}
		least 5
		ethtool -C "$dev" adaptive-rx off rx-usecs 10000 rx-frames 0
		late=$(least 20)
		ethtool -C "$dev" rx-usecs 0
		soon=$(least 20)
		ethtool -C "$dev" rx-usecs 10000
		ethtool -C "$dev" adaptive-rx on
		least 500
		found=$(least 20)
		echo "note: least round trip: moderated by 10 ms $late us," \
			"not $soon us, adaptive $found us"
		((late > 5000 && soon < 5000 && found < 5000))
	END
}

ethtool_link()
{
	trap 'peer_wire 0' EXIT
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dmesg -C
		ethtool "$(card "$MAC")" | grep 'Speed: 10000Mb/s'
	END
	peer ip link set wire0 down
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		until_true 10 has_no_carrier "$dev"
		ethtool "$dev" | grep 'Link detected: no'
		ethtool "$dev" | grep 'Speed: Unknown'
		dmesg | grep 'link is down'
	END
	peer_wire 0
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		until_true 10 has_carrier "$dev"
		ethtool "$dev" | grep 'Link detected: yes'
		dmesg | grep 'link is up'
	END
}

# Those of the driver, and those that the kernel keeps of queues: both say the
# same once nothing moves.
ethtool_counters()
{
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		dev=$(card "$MAC")
		declare -A before after
		read_counters()
		{
			local -n into=$1
			local name value

			while read -r name value; do
				into[${name%:}]=$value
			done < <(ethtool -S "$dev" | sed 1d)
		}
		read_counters before
		stream send "$TO" "$PORT" 5000000
		stream recv "$TO" "$PORT" 5000000
		read_counters after
		for name in tx_packets tx_bytes tx_csum tx_gso tx_gso_segs \
			rx_packets rx_bytes rx_csum_ok rx_lro rx_lro_segs \
			rx_posted interrupts polls traps_page mailbox_writes; do
			grew=$((after[$name] - before[$name]))
			echo "$name $grew"
			((grew > 0))
		done
		for name in tx_bytes rx_bytes; do
			((after[$name] - before[$name] > 5000000))
		done
		for name in tx_gso_segs rx_lro_segs; do
			((after[$name] - before[$name] > 3000))
		done
		for name in rx_csum_bad tx_drop_map tx_drop_length tx_invalid_index \
			rx_invalid_completion faults timeouts; do
			echo "$name ${after[$name]}"
			((after[$name] == 0))
		done
		((after[traps_refill] <= after[polls]))
		for name in tx_packets rx_packets traps_page; do
			((after[$name] == after[q0_$name]))
		done
		same()
		{
			local -A now
			local out dir what name

			read_counters now
			out=$(qstats "$dev")
			while read -r dir what name; do
				grep -qx "$dir 0 $what ${now[$name]}" <<<"$out" ||
					return 1
			done <<-'NAMES'
				rx packets rx_packets
				rx bytes rx_bytes
				rx csum-unnecessary rx_csum_ok
				rx csum-bad rx_csum_bad
				rx alloc-fail rx_alloc_failed
				tx packets tx_packets
				tx bytes tx_bytes
				tx needs-csum tx_csum
				tx hw-gso-packets tx_gso
				tx hw-gso-wire-packets tx_gso_segs
				tx stop tx_stops
				tx wake tx_wakes
			NAMES
		}
		until_true 10 same || { qstats "$dev"; ethtool -S "$dev"; exit 1; }
	END
}

# Flows are spread by what they are, on both ways.
ethtool_pairs()
{
	guest vm2 MAC="${VM_MAC[2]}" TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		dev=$(card "$MAC")
		ethtool -l "$dev" | grep -x 'Combined:[[:space:]]*2'
		count() { ethtool -S "$dev" | awk -v n="$1:" '$1 == n { print $2 }'; }
		grep -q " $dev-qp0\$" /proc/interrupts
		grep -q " $dev-qp1\$" /proc/interrupts
		counts=(q{0,1}_{tx_packets,rx_packets,interrupts,traps_page})
		declare -A before
		for name in "${counts[@]}"; do
			before[$name]=$(count "$name")
		done
		for i in {1..8}; do
			flow_start "pair$i" stream send "$TO" "$PORT" 300000
		done
		for i in {1..8}; do
			flow_moves "pair$i" 40
		done
		for i in {1..8}; do
			flow_stop "pair$i"
		done
		for name in "${counts[@]}"; do
			grew=$(($(count "$name") - before[$name]))
			echo "note: $name $grew"
			((grew > 50))
		done
		for pair in 0 1; do
			qstats "$dev" | grep "^tx $pair packets [1-9]"
			qstats "$dev" | grep "^rx $pair packets [1-9]"
		done
	END
}
