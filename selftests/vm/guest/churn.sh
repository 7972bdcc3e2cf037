# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# churn.sh DEV SEED SECONDS: change a card at random, in a guest, and say how often
# each kind of change was made and how often it failed.

dev=$1 seed=$2 seconds=$3
features=(tso gso gro rx-gro-hw tx rx sg rxvlan txvlan)
mtus=(1280 1400 1500 4000 9000)
onoff=(on off)
steps=(link rings mtu offload offload moderation)
most=$(ethtool -g "$dev" | awk '/^TX:/ { print $2; exit }')
declare -A made failed

step_link()
{
	ip link set "$dev" down && sleep "0.$((RANDOM % 5))" &&
		ip link set "$dev" up
}

step_rings()
{
	ethtool -G "$dev" tx $((most >> RANDOM % 4)) rx $((most >> RANDOM % 4))
}

step_mtu() { ip link set "$dev" mtu "${mtus[RANDOM % 5]}"; }

# One that another depends on cannot be changed alone.
step_offload()
{
	local feature=${features[RANDOM % ${#features[@]}]} out

	out=$(ethtool -K "$dev" "$feature" "${onoff[RANDOM % 2]}" 2>&1) ||
		[[ $out == *'Could not change any'* ]] ||
		{ echo "$out"; return 1; }
}

step_moderation()
{
	ethtool -C "$dev" adaptive-rx "${onoff[RANDOM % 2]}" \
		rx-usecs $((RANDOM % 300)) rx-frames $((RANDOM % 64 + 1))
}

# In an order that is drawn, and none again before all were: few are made on a slow
# machine.
RANDOM=$seed
deck=()
while ((SECONDS < seconds || ${#deck[@]})); do
	((${#deck[@]})) || deck=("${steps[@]}")
	i=$((RANDOM % ${#deck[@]}))
	step=${deck[i]}
	deck=("${deck[@]:0:i}" "${deck[@]:i + 1}")
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
