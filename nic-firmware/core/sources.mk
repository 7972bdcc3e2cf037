# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# The firmware's core: what every board and test is linked with.
FW_CORE_SRCS := \
	base/bucket.c \
	base/csum.c \
	base/parse.c \
	base/pool.c \
	base/vlan.c \
	notify/bitvec.c \
	notify/completion.c \
	notify/event.c \
	notify/health.c \
	notify/notify.c \
	ctx/context.c \
	ctx/context_state.c \
	ctx/demux.c \
	ctx/filter.c \
	ctx/intr.c \
	ctx/mark.c \
	ctx/mbox.c \
	ctx/queue.c \
	ctx/queue_state.c \
	ctx/ring.c \
	ctx/status.c \
	ctx/used.c \
	rx/lro.c \
	rx/rx.c \
	rx/rx_fill.c \
	rx/rx_put.c \
	rx/rx_virtio.c \
	switch/switch.c \
	switch/switch_rx.c \
	switch/switch_tx.c \
	switch/wire.c \
	switch/wireq.c \
	tx/chain.c \
	tx/sched.c \
	tx/sched_list.c \
	tx/sched_share.c \
	tx/sched_wire.c \
	tx/tso.c \
	tx/tx.c \
	host/admin.c \
	host/admin_ctx.c \
	host/admin_nic.c \
	host/admin_queue.c \
	host/mailbox.c \
	nic.c
