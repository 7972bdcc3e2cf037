/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware's writer of used rings, with a machine's memory for its DMA. Types are
 * those that all headers have.
 */
#ifndef RING_USED_H
#define RING_USED_H

#include <stdint.h>

void ring_firmware_begin(void *used, uint16_t slots);
void ring_firmware_put(uint32_t head, uint32_t written);
void ring_firmware_publish(void);

#endif /* RING_USED_H */
