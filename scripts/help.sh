#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# help.sh MAKEFILE...: list the documented targets, grouped as in the files,
# and what the firmware's state needs if it has been measured.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

cat <<'END'
CDNA for KVM: every virtual machine has its own context on a NIC.

END
awk '
	/^##@ / { title = substr($0, 5) }
	/^[a-z][a-z-]*:.*## / {
		if (title != "") { printf "%s:\n", title; title = "" }
		name = $0; sub(/:.*/, "", name)
		sub(/.*## /, "")
		printf "  %-16s %s\n", name, $0
	}' "$@"
cat <<'END'

Variables:
  MIRROR=URL       Debian mirror; otherwise the one of this machine's apt
  CMD='...'        for shell: run this in L1 and return its status
  FUZZ_SECONDS=N   for fuzz: how long each harness runs
  BOOT_TIMEOUT=N   seconds until L1 must be up (300)
END
footprint=$BUILD/footprint.txt
[[ ! -r $footprint ]] || { echo; cat "$footprint"; }
