# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Steps of a demonstration, for scripts that run beside the test bed. They set demo_l1, a
# command of L1 that takes the steps, one of them `autopsy`.

demo_results=$BED_RUN/results/demo
demo_step=0

# What libvirt, its machines and L1 said goes to the logs.
demo_fail()
{
	[[ $bed_dead ]] || bed_l1 "$demo_l1 autopsy" </dev/null || true
	bed_down || true
	say "demo: failed at step '$1' (logs: $BED_RUN)"
	[[ ! $bed_dead ]] || exit 125
	exit 1
}

# demo_step LABEL COMMAND...: a step of demo/l1.sh, with a log of its own.
demo_step()
{
	local label=$1
	shift

	demo_step=$((demo_step + 1))
	progress "$label" "$(bed_log "demo-$demo_step-$1")" \
		bed_ssh -T "$demo_l1 $*" &
	bed_wait $! || demo_fail "$label"
}
