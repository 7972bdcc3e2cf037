# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# The firmware's core: what every board and test is linked with.
FW_CORE_SRCS := \
	admin.c \
	admin_ctx.c \
	admin_nic.c \
	admin_queue.c \
	bucket.c \
	context.c \
	csum.c \
	demux.c \
	event.c \
	filter.c \
	intr.c \
	lro.c \
	mailbox.c \
	nic.c \
	notify.c \
	parse.c \
	pool.c \
	queue.c \
	ring.c \
	rx.c \
	rx_put.c \
	sched.c \
	status.c \
	switch.c \
	switch_rx.c \
	switch_tx.c \
	tso.c \
	tx.c \
	vlan.c \
	wireq.c
