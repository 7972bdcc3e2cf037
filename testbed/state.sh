# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Saved states of L1, for bed.sh. An L1 that has booted is written to a file in the
# directory of its image; an L1 of the same machine starts from there, in a few seconds
# where it is emulated, and has its NICs plugged in and the source tree mounted only then.

# Where L1 is not emulated, it boots fast, and a state would fit only this processor.
bed_has_state() { [[ $BED_SAVED == yes && $(bed_accelerator) == tcg ]]; }

# Print the file of the state for the machine that is to start.
bed_state()
{
	local -a machine
	local run

	bed_machine machine
	run=$(bed_inside "$BED_RUN")
	printf '%s/state-%s\n' "$BED_L1" \
		"$(printf '%s\n' "$BED_TOOLS" "${machine[@]//"$run"/}" | key_of)"
}

# bed_save STATE: write it; L1 continues.
bed_save()
{
	local new

	new=$1.${BED_RUN##*.}
	bed_qmp '{"execute": "stop"}' \
		'{"execute": "migrate-set-parameters",
			"arguments": {"max-bandwidth": 100000000000}}' \
		"{\"execute\": \"migrate\",
			\"arguments\": {\"uri\": \"file:/tmp/l1/${new##*/}\"}}" \
		'{"until": "query-migrate", "status": "completed"}' \
		'{"execute": "cont"}' && mv "$new" "$1" &&
		bed_forget_states
}

# It was stopped when it was saved, so it is when it was read.
bed_resumed()
{
	bed_qmp '{"until": "query-status", "status": "paused"}' '{"execute": "cont"}'
}

# There are as many as kinds of machines; those of former kinds go.
bed_forget_states()
{
	find "$BED_L1" -name 'state-*' -printf '%T@ %p\n' | sort -rn |
		tail -n +9 | cut -d' ' -f2- | xargs -r rm -f
}
