// SPDX-License-Identifier: GPL-2.0-only
/*
 * The version message: both sides tell their version and, in JSON, what they
 * are capable of. We never send the client a request or a descriptor, so none
 * of its limits binds us; they must make sense all the same.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "vfu.h"

#define VFU_MAJOR		0
#define VFU_MINOR		0
#define VFU_JSON_DEPTH		8

static bool vfu_version_number_ok(struct json_object *caps, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(caps, key, &value))
		return true;
	return json_object_is_type(value, json_type_int) &&
	       json_object_get_int64(value) >= 0;
}

static bool vfu_version_caps_ok(struct json_object *root)
{
	static const char * const numbers[] = {
		"max_msg_fds", "max_data_xfer_size", "pgsizes", "max_dma_maps",
	};
	struct json_object *caps;
	u32 i;

	if (!json_object_is_type(root, json_type_object))
		return false;
	if (!json_object_object_get_ex(root, "capabilities", &caps))
		return true;
	if (!json_object_is_type(caps, json_type_object))
		return false;
	for (i = 0; i < FW_ARRAY_SIZE(numbers); i++)
		if (!vfu_version_number_ok(caps, numbers[i]))
			return false;
	return true;
}

/* @len: bytes of @text, which ends in NUL */
static bool vfu_version_json_ok(const char *text, u32 len)
{
	struct json_tokener *tok = json_tokener_new_ex(VFU_JSON_DEPTH);
	struct json_object *root;
	bool ok;

	if (!tok)
		return false;
	root = json_tokener_parse_ex(tok, text, (int)len);
	ok = json_tokener_get_error(tok) == json_tokener_success &&
	     json_tokener_get_parse_end(tok) + 1 >= len &&
	     vfu_version_caps_ok(root);
	json_object_put(root);
	json_tokener_free(tok);
	return ok;
}

int vfu_version(struct nicd *d, const struct vfu_request *rq,
		struct vfu_reply *reply)
{
	const char *json = (const char *)rq->body + 4;
	u32 len = rq->len - 4;
	u16 version[2];
	int n;

	memcpy(version, rq->body, sizeof(version));
	if (version[0] != VFU_MAJOR)
		return ENOTSUP;
	/* A client may be capable of nothing; else one NUL, at the end. */
	if (len && (memchr(json, '\0', len) != json + len - 1 ||
		    !vfu_version_json_ok(json, len)))
		return EINVAL;
	version[0] = VFU_MAJOR;
	version[1] = VFU_MINOR;
	memcpy(reply->body, version, sizeof(version));
	/* QEMU takes at most 16 descriptors, and no reply above its own size. */
	n = snprintf((char *)reply->body + 4, sizeof(reply->body) - 4,
		     "{\"capabilities\":{\"max_msg_fds\":%d,\"max_data_xfer_size\":%d,\"pgsizes\":4096,\"max_dma_maps\":%d,\"write_multiple\":true}}",
		     MSG_MAX_FDS, VFU_MAX_XFER, DMA_MAX_MAPS);
	reply->len = 4 + (u32)n + 1;
	d->negotiated = true;
	return 0;
}
