#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print a directory with cmocka for s390x, the big-endian machine that Debian
# has libraries of, after fetching it if need be. apt does the fetching, in a
# directory of its own, so the packages are verified and the machine's own
# package lists stay as they are.

. "$(dirname "$0")/../../scripts/lib.sh"

suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-stable}")

fetch()
{
	local dir=$1 mirror apt
	mirror=$("$TOP/scripts/mirror.sh")

	mkdir -p "$dir"/apt/{etc/apt.conf.d,lists/partial,archives/partial}
	printf 'deb [arch=s390x signed-by=%s] %s %s main\n' \
		/usr/share/keyrings/debian-archive-keyring.gpg \
		"$mirror" "$suite" >"$dir/apt/etc/sources.list"
	apt=(apt-get -q -o APT::Architecture=s390x
		-o APT::Architectures::=s390x -o Acquire::Languages=none
		-o Dir::Etc::SourceList="$dir/apt/etc/sources.list"
		-o Dir::Etc::SourceParts=/dev/null
		-o Dir::Etc::Preferences=/dev/null
		-o Dir::Etc::PreferencesParts=/dev/null
		-o Dir::State::Lists="$dir/apt/lists"
		-o Dir::State::Status=/dev/null
		-o Dir::Cache="$dir/apt" -o Dir::Cache::Archives="$dir/apt/archives"
		-o APT::Sandbox::User=)
	"${apt[@]}" update
	(cd "$dir" && "${apt[@]}" download libcmocka0:s390x libcmocka-dev:s390x)
	for deb in "$dir"/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -r "$dir/apt" "$dir"/*.deb
}

if [[ ${1:-} == --fetch ]]; then
	fetch "$2"
	exit
fi
cached "cmocka-s390x-$( (echo "$suite"; cat "$0") | key_of)" "$0" --fetch
