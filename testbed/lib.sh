# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Shared by the scripts of the test bed: the release it is made from and how
# mmdebstrap is called. Source it after scripts/lib.sh.

SUITE=trixie
BED=$TOP/testbed

# packages FILE: its lines joined with commas, as mmdebstrap wants them, except
# that a comma inside a line is kept by printing that line as its own option.
include_options()
{
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/^/--include=/' "$1"
}

# Options that carry the machine's proxy and certificate settings along.
apt_options()
{
	apt-config dump --format '%F "%v";%n' 2>/dev/null |
		grep -E '^Acquire::(https?|Retries|Check-)' |
		sed 's/^/--aptopt=/' || true
}

# sources MIRROR: what apt in the tree reads.
sources()
{
	printf 'deb %s %s main\n' "$1" "$SUITE" "$1" "$SUITE-backports"
}
