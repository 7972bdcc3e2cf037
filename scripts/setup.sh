#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# setup.sh SET...: see that the Debian packages of each set are installed.
# As root, install what is missing; otherwise say which command does it.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

# What each kind of target needs on the machine itself. Everything that has to
# come from one known release lives in the tools tree instead (testbed/tools.sh).
declare -A sets=(
	[build]="gcc libc6-dev make libjson-c-dev ccache"
	[unit]="gcc libc6-dev make libjson-c-dev libcmocka-dev tcpdump qemu-user ccache
		gcc-s390x-linux-gnu libc6-dev-s390x-cross"
	[freestanding]="gcc-riscv64-linux-gnu gcc-powerpc-linux-gnu"
	[fuzz]="clang libclang-rt-dev libjson-c-dev make ccache"
	[vm]="python3"
	[npm]="nodejs npm"
	[deb]="debhelper dh-dkms python3-docutils"
	[lint]="clang clang-tidy cppcheck codespell shellcheck git libcmocka-dev
		libjson-c-dev python3 python3-docutils pyflakes3
		pycodestyle"
	[trees]="mount mmdebstrap debian-archive-keyring ca-certificates xz-utils
		python3"
	[kernel]="gcc libc6-dev make bc bison flex libelf-dev libssl-dev kmod cpio patch"
	[image]=""
)
# Making an image without root takes a range of sub-ids.
is_root || sets[image]=uidmap

(($#)) || die "usage: setup.sh SET... where SET is one of: ${!sets[*]}"
command -v dpkg-query >/dev/null ||
	die "this is not a Debian system; Debian 12 or 13 is needed"

want=()
for set in "$@"; do
	[[ -v sets[$set] ]] || die "unknown set '$set'; known: ${!sets[*]}"
	read -r -d '' -a more <<<"${sets[$set]}" || true
	want+=("${more[@]}")
done
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${want[@]}" \
	2>/dev/null | sed -n 's/^ii  *//p' || true)
missing=$(comm -23 <(printf '%s\n' "${want[@]}" | sort -u) \
	<(sort -u <<<"$installed") | tr '\n' ' ')
[[ -n ${missing// } ]] || exit 0

install="apt-get install -y --no-install-recommends ${missing% }"
if ! is_root; then
	say "these Debian packages are missing: $missing"
	say "install them with this command, then run make again:"
	say "    sudo sh -c 'apt-get update && $install'"
	exit 1
fi

export DEBIAN_FRONTEND=noninteractive
mkdir -p "$BUILD"
log=$BUILD/setup.log
apt="apt-get -o DPkg::Lock::Timeout=300 -o APT::Update::Error-Mode=any"
apt_install="$apt install -y --no-install-recommends ${missing% }"
# Lists may be absent or too old to find the packages: update and try again.
# shellcheck disable=SC2086 # the words of a command
$apt_install >"$log" 2>&1 </dev/null || {
	progress "updating the package lists" "$log" $apt update ||
		say "going on with what could be updated"
	progress "installing $missing" "$log" $apt_install || exit 1
}
