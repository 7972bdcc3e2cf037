// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores. Stores to BAR0 are posted and come many in one message
 * when the client is busy: this is the hot path of every mailbox.
 */
#include <errno.h>

#include "vfu.h"

int vfu_access_read(struct nicd *d, const struct vfu_request *rq,
		    struct vfu_reply *reply)
{
	struct vfu_region_access a;
	int err;

	memcpy(&a, rq->body, sizeof(a));
	if (a.count > VFU_MAX_XFER)
		return EINVAL;
	err = region_read(d, a.region, a.offset, reply->body + sizeof(a),
			  a.count);
	if (err)
		return err;
	memcpy(reply->body, &a, sizeof(a));
	reply->len = (u32)sizeof(a) + a.count;
	return 0;
}

int vfu_access_write(struct nicd *d, const struct vfu_request *rq,
		     struct vfu_reply *reply)
{
	struct vfu_region_access a;

	memcpy(&a, rq->body, sizeof(a));
	if (a.count != rq->len - sizeof(a))
		return EINVAL;
	vfu_reply_set(reply, &a, sizeof(a));
	return region_write(d, a.region, a.offset, rq->body + sizeof(a),
			    a.count);
}

/* One bad store among many does not undo its neighbours. */
int vfu_access_write_multi(struct nicd *d, const struct vfu_request *rq,
			   struct vfu_reply *reply)
{
	struct vfu_multi_write w;
	u64 i, count;
	int err = 0;

	memcpy(&count, rq->body, sizeof(count));
	if (count > VFU_MAX_MULTI || rq->len != 8 + count * sizeof(w))
		return EINVAL;
	for (i = 0; i < count; i++) {
		memcpy(&w, rq->body + 8 + i * sizeof(w), sizeof(w));
		if (w.count > sizeof(w.data) ||
		    region_write(d, w.region, w.offset, w.data, w.count))
			err = EINVAL;
	}
	d->counts.multi_writes += count;
	vfu_reply_set(reply, &count, sizeof(count));
	return err;
}
