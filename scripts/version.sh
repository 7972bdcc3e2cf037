#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# version.sh: print the version of this tree, which is include/cdna/version.h's.

set -euo pipefail
awk '$2 ~ /^CDNA_VERSION_(MAJOR|MINOR|PATCH)$/ { text = text dot $3; dot = "." }
	END { print text; exit text !~ /^[0-9]+\.[0-9]+\.[0-9]+$/ }' \
	"$(dirname "$0")/../include/cdna/version.h"
