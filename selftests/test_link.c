// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link that a guest sees: the administrator decides, at any time. The wire
 * is up.
 */
#include <errno.h>
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

TEST_HARNESS_MAIN
