# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Changes at random under traffic. CHURN_SECONDS says how long, CHURN_SEED
# repeats a run as far as time allows. No stream may pause for 20 s.

CHURN_SECONDS=${CHURN_SECONDS:-60}
CHURN_SEED=${CHURN_SEED:-$RANDOM}

churn_cases()
{
	vm_case $((CHURN_SECONDS + 90)) \
		"$CHURN_SECONDS s of changes under traffic, seed $CHURN_SEED" \
		churn
	vm_case 20 "no card has counted an error" churn_counters
}

churn()
{
	local end flaps=0

	trap 'peer_wire 0; churn_stop >/dev/null' EXIT
	churn_start
	RANDOM=$CHURN_SEED
	end=$((SECONDS + CHURN_SECONDS))
	while ((SECONDS < end)); do
		churn_peer
		flaps=$((flaps + 1))
	done
	peer_wire 0
	note "changes at the peer: $flaps"
	churn_judge
}

# The peer's end of the wire goes away for a moment, or has another MTU.
churn_peer()
{
	local mtus=(1280 1400 1500 4000 9000)

	if ((RANDOM % 3)); then
		peer_wire 0 "${mtus[RANDOM % 5]}"
	else
		peer ip link set wire0 down
		sleep "0.$((RANDOM % 10))"
		peer_wire 0
	fi
	sleep "$((RANDOM % 3 + 1)).$((RANDOM % 10))"
}

churn_start()
{
	guest vm1 MAC="${VM_MAC[1]}" V4="$(ip4 0 1)" V6="$(ip6 0 1)" \
		PORT="$VM_PORT" SEED="$CHURN_SEED" SECS="$CHURN_SECONDS" <<-'END'
		flow_start up stream send "$V4" "$PORT" 1000000000000
		flow_start down stream recv "$V4" "$PORT" 1000000000000
		flow_start up6 stream send "$V6" "$PORT" 1000000000000
		connection_moves bytes_acked "$V4" 20
		connection_moves bytes_received "$V4" 20
		connection_moves bytes_acked "[$V6]" 20
		dmesg -C
		cat >/tmp/churn.sh <<'CHURN'
		dev=$1 seed=$2 seconds=$3
		declare -A made failed
		features=(tso gso gro lro tx rx sg rxvlan txvlan)
		mtus=(1280 1400 1500 4000 9000)
		most=$(ethtool -g "$dev" | awk '/^TX:/ { print $2; exit }')
		onoff=(on off)
		step_link()
		{
			ip link set "$dev" down && sleep "0.$((RANDOM % 5))" &&
				ip link set "$dev" up
		}
		step_rings()
		{
			ethtool -G "$dev" tx $((most >> RANDOM % 4)) \
				rx $((most >> RANDOM % 4))
		}
		step_mtu() { ip link set "$dev" mtu "${mtus[RANDOM % 5]}"; }
		# One that another depends on cannot be changed alone.
		step_offload()
		{
			local feature=${features[RANDOM % ${#features[@]}]} out

			out=$(ethtool -K "$dev" "$feature" \
				"${onoff[RANDOM % 2]}" 2>&1) ||
				[[ $out == *'Could not change any'* ]] ||
				{ echo "$out"; return 1; }
		}
		step_moderation()
		{
			ethtool -C "$dev" adaptive-rx "${onoff[RANDOM % 2]}" \
				rx-usecs $((RANDOM % 300)) \
				rx-frames $((RANDOM % 64 + 1))
		}
		steps=(link rings mtu offload offload moderation)
		RANDOM=$seed
		while ((SECONDS < seconds)); do
			step=${steps[RANDOM % ${#steps[@]}]}
			if "step_$step"; then
				made[$step]=$((${made[$step]:-0} + 1))
			else
				failed[$step]=$((${failed[$step]:-0} + 1))
			fi
			sleep "0.$((RANDOM % 10))"
		done
		for step in link rings mtu offload moderation; do
			echo "result $step ${made[$step]:-0} ${failed[$step]:-0}"
		done
		CHURN
		setsid bash /tmp/churn.sh "$(card "$MAC")" "$SEED" "$SECS" \
			>/tmp/churn.log 2>&1 </dev/null &
		echo $! >/tmp/churn.pid
	END
}

# All three connections go on; each kind of change was made, and none was
# refused.
churn_judge()
{
	guest vm1 MAC="${VM_MAC[1]}" V4="$(ip4 0 1)" V6="$(ip6 0 1)" <<-'END'
		until_true 30 eval "! kill -0 $(cat /tmp/churn.pid)"
		sed '/^result/d' /tmp/churn.log | sort | uniq -c
		dmesg | tail -n 20
		while read -r _ step made failed; do
			echo "note: $step: $made changes, $failed refused"
			((made > 0 && failed == 0))
		done < <(grep '^result' /tmp/churn.log)
		[[ $(grep -c '^result' /tmp/churn.log) == 5 ]]
		until_true 20 has_carrier "$(card "$MAC")"
		goes_on()
		{
			connection_moves "$2" "$3" 30 || { flow_lives "$1"; exit 1; }
			echo "note: $1: $(($(connection "$2" "$3") / 1000000)) MB"
		}
		goes_on up bytes_acked "$V4"
		goes_on down bytes_received "$V4"
		goes_on up6 bytes_acked "[$V6]"
		for flow in up down up6; do
			[[ $(flow_count "$flow") == 0 ]]
			flow_stop "$flow"
		done
	END
}

churn_counters()
{
	local vm

	for vm in vm1 vm2; do
		guest "$vm" MAC="${VM_MAC[${vm#vm}]}" <<-'END'
			ethtool -S "$(card "$MAC")" | grep -wE \
				'faults|timeouts|tx_invalid_index|rx_invalid_completion|rx_csum_bad|tx_drop_.*' |
				tee /tmp/counters
			(($(wc -l </tmp/counters) >= 7))
			! grep -v ': 0$' /tmp/counters || exit 1
		END
	done
}

churn_stop()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		kill -- "-$(cat /tmp/churn.pid)" 2>/dev/null || true
		for flow in up down up6; do
			flow_end "$flow"
		done
		dev=$(card "$MAC")
		most=$(ethtool -g "$dev" | awk '/^TX:/ { print $2; exit }')
		for feature in sg tx rx tso gso gro lro rxvlan txvlan; do
			ethtool -K "$dev" "$feature" on || true
		done
		ethtool -G "$dev" tx $((most / 4)) rx $((most / 4))
		ethtool -C "$dev" adaptive-rx off rx-usecs 100 rx-frames 64
		net_up "$MAC" 0 11
	END
}
