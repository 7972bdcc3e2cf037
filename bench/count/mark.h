/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The no-operation that makes the plugin write a line: nopl MARK(%rax,%rax,1).
 * Any program can execute it, in the host or in a guest.
 */
#ifndef MARK_H
#define MARK_H

#define MARK 0x0cda4a11

#endif /* MARK_H */
