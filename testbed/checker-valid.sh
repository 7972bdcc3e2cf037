#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# checker-valid.sh CHECKER FLAG...: print 1 if this sparse checks types.

echo 'static int *f(void) { return 1; }' |
	"$@" - 2>&1 | grep -q 'incorrect type' && echo 1
