# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Suspend the devices of a guest for a moment, and say whether that worked.

delay=/sys/module/suspend/parameters/pm_test_delay
[[ ! -e $delay ]] || echo 2 >$delay
sleep 1
echo devices >/sys/power/pm_test
echo freeze >/sys/power/state && echo "suspended and resumed"
echo none >/sys/power/pm_test
echo end
