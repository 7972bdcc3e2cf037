/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queueing discipline that keeps all frames of an interface until plug_release(). All
 * return 0 or a negative errno.
 */
#ifndef SELFTEST_PLUG_H
#define SELFTEST_PLUG_H

int plug_hold(const char *interface);
int plug_release(const char *interface);
int plug_remove(const char *interface);

#endif /* SELFTEST_PLUG_H */
