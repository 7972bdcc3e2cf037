// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define STR(x)		STR_(x)
#define STR_(x)		#x

/*
 * The guest's programs. esi: rounds, edi: results, ebp: producer index, edx at
 * the start: descriptors per round. A timed round is: time stamp, operation,
 * time stamp, difference into the results.
 */
#define TIMED(label, before, op, after)					\
	label ": push %edx\n"						\
	"1:\n" before							\
	"rdtsc\n push %eax\n"						\
	op								\
	"rdtsc\n pop %ebx\n sub %ebx, %eax\n stosl\n"			\
	after								\
	"dec %esi\n jnz 1b\n hlt\n"

/* Take more descriptors into the tail page; ring, and wait for the NIC. */
#define ADVANCE	"add (%esp), %ebp\n mov %ebp, (" STR(GPA_MEM) " + 0x1000)\n"
#define SETTLE	"mov %ebp, " STR(GPA_MBOX) "\n"				\
		"2: pause\n cmp %ebp, " STR(GPA_MEM) "\n jne 2b\n"

asm(".pushsection .rodata\n .code32\n"
	"vm_code:\n"
	"vm_store: movl $1, " STR(GPA_DOORBELL) "\n hlt\n"
	TIMED("vm_cpuid", "", "xor %eax, %eax\n cpuid\n", "")
	TIMED("vm_doorbell", ADVANCE, "mov %ebp, " STR(GPA_DOORBELL) "\n", SETTLE)
	TIMED("vm_register", ADVANCE, "mov %ebp, " STR(GPA_MMIO) "\n", SETTLE)
	TIMED("vm_kick", "", "mov %ebp, " STR(GPA_KICK) "\n", "")
	TIMED("vm_ram", "", "mov %ebp, " STR(GPA_RESULTS) " - 4\n", "")
	"vm_code_end:\n .code64\n .popsection\n");

extern const uint8_t vm_code[], vm_code_end[], vm_store[], vm_cpuid[],
	vm_doorbell[], vm_register[], vm_kick[], vm_ram[];

static const uint8_t *const programs[VM_NR_PROGRAMS] = {
	[VM_STORE] = vm_store,
	[VM_CPUID] = vm_cpuid,
	[VM_DOORBELL] = vm_doorbell,
	[VM_REGISTER] = vm_register,
	[VM_KICK] = vm_kick,
	[VM_RAM] = vm_ram,
};

int vm_slot(struct vm *vm, uint32_t slot, uint64_t gpa, void *addr,
	    size_t bytes)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = gpa,
		.memory_size = bytes,
		.userspace_addr = (uintptr_t)addr,
	};

	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

static void *memory(size_t bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static int vm_memory(struct vm *vm)
{
	int ret;

	vm->low = memory(VM_LOW_BYTES);
	vm->doorbell = memory(VM_DOORBELL_BYTES);
	if (vm->low == MAP_FAILED || vm->doorbell == MAP_FAILED)
		return -ENOMEM;
	memcpy(vm->low + GPA_CODE, vm_code, vm_code_end - vm_code);
	ret = vm_slot(vm, 0, 0, vm->low, VM_LOW_BYTES);
	return ret ? ret : vm_slot(vm, 1, GPA_DOORBELL, vm->doorbell,
				   VM_DOORBELL_BYTES);
}

static int vm_kick_fd(struct vm *vm)
{
	struct kvm_ioeventfd kick = {
		.addr = GPA_KICK,
		.len = 4,
		.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};

	return ioctl(vm->fd, KVM_IOEVENTFD, &kick) ? -errno : 0;
}

/* Flat 32-bit segments, no paging */
static int vm_protected_mode(struct vm *vm)
{
	struct kvm_segment data = {
		.limit = 0xffffffff, .type = 3, .present = 1, .db = 1, .s = 1,
		.g = 1, .selector = 16,
	};
	struct kvm_segment code = data;
	struct kvm_sregs sregs;

	code.type = 11;
	code.selector = 8;
	if (ioctl(vm->vcpu, KVM_GET_SREGS, &sregs))
		return -errno;
	sregs.cs = code;
	sregs.ds = data;
	sregs.es = data;
	sregs.fs = data;
	sregs.gs = data;
	sregs.ss = data;
	sregs.cr0 |= 1;
	return ioctl(vm->vcpu, KVM_SET_SREGS, &sregs) ? -errno : 0;
}

int vm_open(struct vm *vm)
{
	struct kvm_create_device vfio = { .type = KVM_DEV_TYPE_VFIO };
	int ret;

	memset(vm, 0, sizeof(*vm));
	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		return -errno;
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0 || ioctl(vm->fd, KVM_CREATE_DEVICE, &vfio))
		return -errno;
	vm->vfio = vfio.fd;
	ret = vm_memory(vm);
	if (ret)
		return ret;
	vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, 0);
	vm->run_bytes = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	vm->run = mmap(NULL, vm->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
		       vm->vcpu, 0);
	if (vm->vcpu < 0 || vm->run == MAP_FAILED)
		return -errno;
	ret = vm_kick_fd(vm);
	return ret ? ret : vm_protected_mode(vm);
}

void vm_close(struct vm *vm)
{
	munmap(vm->run, vm->run_bytes);
	close(vm->vcpu);
	close(vm->vfio);
	close(vm->fd);
	close(vm->kvm);
	munmap(vm->low, VM_LOW_BYTES);
	munmap(vm->doorbell, VM_DOORBELL_BYTES);
}

/* The context's memory and mailbox page, where the programs look for them */
int vm_attach(struct vm *vm, struct vdev *dev)
{
	int ret = vm_slot(vm, 2, GPA_MEM, dev->mem, VDEV_MEMORY);

	return ret ? ret : vm_slot(vm, 3, GPA_MBOX, (void *)dev->mbox,
				   CDNA_VDEV_BAR_MAILBOX_SIZE);
}

/* Run a program to its end. Return: 0, or a KVM_EXIT_* that it must not have */
int vm_run(struct vm *vm, struct vdev *dev, enum vm_program program,
	   uint32_t descs)
{
	struct kvm_regs regs = {
		.rip = GPA_CODE + (programs[program] - vm_code),
		.rflags = 2,
		.rsp = GPA_CODE - 16,
		.rsi = VM_ROUNDS,
		.rdi = GPA_RESULTS,
		.rdx = descs,
		.rbp = dev ? dev->tx_prod : 0,
	};

	if (ioctl(vm->vcpu, KVM_SET_REGS, &regs))
		return -errno;
	for (;;) {
		if (ioctl(vm->vcpu, KVM_RUN, 0))
			return -errno;
		if (vm->run->exit_reason != KVM_EXIT_MMIO)
			break;
		/* As QEMU does for a store to a trapped BAR */
		if (vm->run->mmio.phys_addr == GPA_MMIO && dev)
			vdev_trap(dev);
	}
	if (ioctl(vm->vcpu, KVM_GET_REGS, &regs))
		return -errno;
	if (dev)
		dev->tx_prod = regs.rbp;
	return vm->run->exit_reason == KVM_EXIT_HLT ? 0 :
						      vm->run->exit_reason;
}
