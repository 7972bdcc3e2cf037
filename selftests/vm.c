// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define STR(x)		STR_(x)
#define STR_(x)		#x

/* The guest: one store to the doorbell page, then a halt. */
asm(".pushsection .rodata\n .code32\n"
	"vm_code: movl $1, " STR(GPA_DOORBELL) "\n hlt\n"
	"vm_code_end:\n .code64\n .popsection\n");

extern const uint8_t vm_code[], vm_code_end[];

static int vm_slot_as(struct vm *vm, uint32_t slot, uint64_t gpa, void *addr,
		      size_t bytes, uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = bytes,
		.userspace_addr = (uintptr_t)addr,
	};

	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

int vm_slot(struct vm *vm, uint32_t slot, uint64_t gpa, void *addr,
	    size_t bytes)
{
	return vm_slot_as(vm, slot, gpa, addr, bytes, 0);
}

int vm_rom(struct vm *vm, uint32_t slot, uint64_t gpa, void *addr, size_t bytes)
{
	return vm_slot_as(vm, slot, gpa, addr, bytes, KVM_MEM_READONLY);
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
	return vm_protected_mode(vm);
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

/* Address spaces: a second one is what processors see in system management mode. */
int vm_spaces(struct vm *vm)
{
	return ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_MULTI_ADDRESS_SPACE);
}

/* Let the guest run until it halts. Return: 0, or how else it ended */
int vm_store(struct vm *vm)
{
	struct kvm_regs regs = { .rip = GPA_CODE, .rflags = 2 };

	if (ioctl(vm->vcpu, KVM_SET_REGS, &regs))
		return -errno;
	do {
		if (ioctl(vm->vcpu, KVM_RUN, 0))
			return -errno;
		/* A store to where there is no memory is lost. */
	} while (vm->run->exit_reason == KVM_EXIT_MMIO);
	return vm->run->exit_reason == KVM_EXIT_HLT ? 0 :
						      vm->run->exit_reason;
}

static void vm_interrupt(int signal)
{
	(void)signal;
}

/* Wait for a thread that may be in vm_store(). Where the host is emulated, a processor gets
 * lost now and then, and never halts.
 */
void vm_join(pthread_t thread)
{
	const struct sigaction action = { .sa_handler = vm_interrupt };

	sigaction(SIGUSR1, &action, NULL);
	while (pthread_tryjoin_np(thread, NULL)) {
		pthread_kill(thread, SIGUSR1);
		usleep(10000);
	}
}
