/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Why something was stopped: the one form that a fault has, from the ring that
 * finds it to the event that reports it.
 */
#ifndef FW_FAULT_H
#define FW_FAULT_H

#include "base/port.h"

/**
 * struct fw_fault - why a queue cannot go on
 * @reason: enum cdna_fault, CDNA_FAULT_NONE while there is none
 * @index: free-running index of the descriptor
 * @expected: sequence number that was due
 * @seen: sequence number that was found
 */
struct fw_fault {
	u32 reason;
	u32 index;
	u32 expected;
	u32 seen;
};

#endif /* FW_FAULT_H */
