/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual machine of one vCPU that runs a few instructions: enough of a guest
 * to store to a doorbell page.
 */
#ifndef SELFTEST_VM_H
#define SELFTEST_VM_H

#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>

#include "vdev.h"

/* Guest-physical memory, 32-bit, no paging */
#define GPA_CODE	0x00001000u
#define GPA_RESULTS	0x00100000u	/* 32-bit ticks, one per round */
#define GPA_DOORBELL	0x00200000u	/* a slot of its own */
#define GPA_MEM		0x00400000u	/* vdev.mem */
#define GPA_MBOX	0x00a00000u	/* vdev.mbox */
#define GPA_MMIO	0xf0000000u	/* exits to us */
#define GPA_KICK	0xf0001000u	/* an ioeventfd */

#define VM_ROUNDS	2000
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
 * @low: code and results, at 0
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

/* Programs; each ends with a halt */
enum vm_program {
	VM_STORE,	/* one store to the doorbell page */
	VM_CPUID,	/* bare exits, timed */
	VM_DOORBELL,	/* enqueues by the doorbell page, timed */
	VM_REGISTER,	/* enqueues by the register, timed */
	VM_KICK,	/* stores to an ioeventfd, timed */
	VM_RAM,		/* stores to memory, timed */
	VM_NR_PROGRAMS,
};

int vm_open(struct vm *vm);
void vm_close(struct vm *vm);
int vm_slot(struct vm *vm, uint32_t slot, uint64_t gpa, void *addr,
	    size_t bytes);
int vm_attach(struct vm *vm, struct vdev *dev);
int vm_run(struct vm *vm, struct vdev *dev, enum vm_program program,
	   uint32_t descs);

#endif /* SELFTEST_VM_H */
