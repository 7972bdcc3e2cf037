# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Shared by every script here and in testbed/: messages, progress, the cache.
# Source it after set -euo pipefail; it sets TOP, BUILD and CACHE.

umask 022

TOP=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$TOP/build
CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/cdna

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }
is_root() { [[ $(id -u) == 0 ]]; }

# tied "$@": from here on, this script ends when what started it does, even by
# SIGKILL; to be the first thing that a script does with its arguments.
tied()
{
	[[ ${CDNA_TIED:-} == "$$" ]] ||
		CDNA_TIED=$$ exec setpriv --pdeathsig TERM "$0" "$@"
}

# Print an identifier made from everything on standard input.
key_of() { sha256sum | cut -c1-12; }

# End process group $1, unless a line comes before the end of standard input.
ends_with()
{
	trap '' INT TERM HUP
	read -r || kill -TERM -- "-$1"
}

# progress LABEL LOG CMD... runs CMD with its output in LOG and shows the time
# that passes: one moving line on a terminal, a line every 15 s elsewhere.
# On failure the end of LOG is shown. Whatever ends this shell, even SIGKILL, ends
# CMD and what CMD has started. Return: the status of CMD.
progress()
{
	local label=$1 log=$2 start=$SECONDS rc=0 pid now last=0 lifeline
	shift 2

	# With job control, CMD is a process group.
	set -m
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	set +m
	# Only this shell holds the other end, so it is closed when this shell ends.
	exec {lifeline}> >(ends_with "$pid" >/dev/null 2>&1)
	while kill -0 "$pid" 2>/dev/null; do
		now=$((SECONDS - start))
		if [[ -t 2 ]]; then
			printf '\r%s ... %d s ' "$label" "$now" >&2
		elif ((now == 0 && last == 0 || now - last >= 15)); then
			say "$label ... $now s"
			last=$((now > 0 ? now : -1))
		fi
		sleep 0.5
	done
	wait "$pid" || rc=$?
	echo ended >&"$lifeline"
	exec {lifeline}>&-
	now=$((SECONDS - start))
	if [[ -t 2 ]]; then printf '\r' >&2; fi
	if ((rc)); then
		say "$label: failed after $now s; the end of its log:"
		tail -n 25 "$log" >&2
		say "(all of it: $log)"
	else
		say "$label: done in $now s"
	fi
	return "$rc"
}

# cached NAME CMD...: print the directory $CACHE/NAME, made by CMD DIR if it is
# not there yet. CMD fills a temporary directory that is renamed when complete,
# so an interrupted run leaves nothing that looks finished. A lock makes a
# second run wait instead of making the same thing. CMD is a program, not a
# function: the shell ignores failures inside a function that is tested.
cached()
{
	local dir=$CACHE/$1
	shift

	if [[ ! -d $dir ]]; then
		mkdir -p "$CACHE"
		(
			exec 9>"$CACHE/lock"
			if ! flock -n 9; then
				say "waiting for another run that is filling $CACHE"
				flock 9
			fi
			[[ ! -d $dir ]] || exit 0
			rm -rf "$dir.tmp"
			mkdir "$dir.tmp"
			if ! "$@" "$dir.tmp" >&2; then
				rm -rf "$dir.tmp"
				exit 1
			fi
			mv -T "$dir.tmp" "$dir"
			# What no clone here has used for a month is stale.
			find "$CACHE" -mindepth 1 -maxdepth 1 -type d \
				-mtime +30 -exec rm -rf {} +
		) || return 1
	fi
	touch "$dir" 2>/dev/null || true
	printf '%s\n' "$dir"
}
