/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual machine of one vCPU that stores to a doorbell page: enough of a
 * guest for KVM to call the driver.
 */
#ifndef SELFTEST_VM_H
#define SELFTEST_VM_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "vdev.h"

/* Guest-physical memory, 32-bit, no paging */
#define GPA_CODE	0x00001000u
#define GPA_DOORBELL	0x00200000u	/* a slot of its own */
#define GPA_ROM		0x00300000u	/* no memory, unless a test makes some */
#define GPA_NOTHING	0xf0000000u	/* no memory */

#define VM_LOW_BYTES	0x00200000
#define VM_DOORBELL_BYTES	0x10000

/**
 * struct vm - the machine
 * @kvm: /dev/kvm
 * @fd: the machine
 * @vcpu: its processor
 * @vfio: KVM's VFIO device
 * @run: shared with KVM
 * @run_bytes: its size
 * @low: code, at 0
 * @doorbell: the doorbell page's slot
 */
struct vm {
	int kvm;
	int fd;
	int vcpu;
	int vfio;
	struct kvm_run *run;
	size_t run_bytes;
	uint8_t *low;
	uint8_t *doorbell;
};

int vm_open(struct vm *vm);
void vm_close(struct vm *vm);
int vm_slot(struct vm *vm, uint32_t slot, uint64_t gpa, void *addr,
	    size_t bytes);
int vm_rom(struct vm *vm, uint32_t slot, uint64_t gpa, void *addr,
	   size_t bytes);
int vm_store(struct vm *vm);
int vm_spaces(struct vm *vm);
void vm_join(pthread_t thread);

#endif /* SELFTEST_VM_H */
