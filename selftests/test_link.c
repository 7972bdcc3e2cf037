// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link that a guest sees: the administrator decides, at any time. The wire
 * is up.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

FIXTURE(link) {
	struct vdev dev;
};

FIXTURE_SETUP(link)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 34));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
}

FIXTURE_TEARDOWN(link)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
}

static bool is_up(struct vdev *dev)
{
	return vdev_read(dev, CDNA_VREG_LINK) == CDNA_LINK_UP;
}

TEST_F(link, attribute_takes_three_words)
{
	static const char * const word[] = { "auto", "disable", "enable" };
	char value[16] = "";
	size_t i;

	EXPECT_EQ(0, vdev_attr(self->dev.uuid, "link_state", value,
			       sizeof(value)));
	EXPECT_STREQ("enable", value);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, vdev_set(self->dev.uuid, "link_state", word[i]));
		EXPECT_EQ(0, vdev_attr(self->dev.uuid, "link_state", value,
				       sizeof(value)));
		EXPECT_STREQ(word[i], value);
	}
	EXPECT_EQ(-EINVAL, vdev_set(self->dev.uuid, "link_state", "up"));
	EXPECT_EQ(-EINVAL, vdev_set(self->dev.uuid, "link_state", "\n"));
}

TEST_F(link, the_guest_notices)
{
	struct vdev *dev = &self->dev;

	EXPECT_TRUE(is_up(dev));
	ASSERT_EQ(0, vdev_set(dev->uuid, "link_state", "disable"));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	EXPECT_FALSE(is_up(dev));
	ASSERT_EQ(0, vdev_set(dev->uuid, "link_state", "auto"));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	EXPECT_TRUE(is_up(dev));
}

/**
 * struct setter - an administrator's thread that sets the attribute on and on
 * @thread: it
 * @uuid: whose
 * @sets: how often it did
 * @failed: times that this failed
 * @end: it is to end
 */
struct setter {
	pthread_t thread;
	const char *uuid;
	atomic_long sets;
	atomic_long failed;
	atomic_bool end;
};

static void *setter_main(void *arg)
{
	struct setter *setter = arg;

	while (!setter->end) {
		setter->failed += !!vdev_set(setter->uuid, "link_state",
					     setter->sets % 2 ? "enable" :
								"disable");
		setter->sets++;
	}
	return NULL;
}

/* I6: once revoke has returned, no vector fires, although the link is set. */
TEST_F(link, a_revoked_guest_notices_nothing)
{
	struct setter setter = { .uuid = self->dev.uuid };
	struct vdev *dev = &self->dev;
	int late = 0, i;
	long sets;

	ASSERT_EQ(0, pthread_create(&setter.thread, NULL, setter_main,
				    &setter));
	for (i = 0; i < 20; i++) {
		EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT,
					     2000));
		EXPECT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
		/* What fired until now counts in the eventfd. */
		vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0);
		sets = setter.sets;
		while (setter.sets < sets + 3)
			late += vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT,
						 1);
		late += vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0);
		EXPECT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	}
	setter.end = true;
	pthread_join(setter.thread, NULL);
	EXPECT_EQ(0, late);
	EXPECT_EQ(0, setter.failed);
	TH_LOG("set %ld times", setter.sets);
}

TEST_HARNESS_MAIN
