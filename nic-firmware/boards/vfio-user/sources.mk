# SPDX-License-Identifier: GPL-2.0-only
# What cdna-nicd is made of, beside the firmware core.

NICD_DIR := nic-firmware/boards/vfio-user
NICD_SRCS := $(addprefix $(NICD_DIR)/, \
	board.c clock.c config_space.c counters.c dma.c irq.c log.c loop.c \
	msg.c options.c pcap.c region.c server.c sram.c trace.c vfu.c \
	vfu_access.c vfu_dma.c vfu_info.c vfu_irq.c vfu_version.c wire.c \
	wire_merge.c wire_tap.c wire_unix.c)
NICD_MAIN := $(NICD_DIR)/main.c
NICD_LIBS := -ljson-c

# What every test of it is linked with, beside the above
NICD_TEST_SRCS := $(NICD_DIR)/tests/bed.c nic-firmware/tests/frames.c

# The program as a process, by the name that the tests' log has
NICD_TEST_SCRIPTS := $(NICD_DIR)/tests/nicd.sh
