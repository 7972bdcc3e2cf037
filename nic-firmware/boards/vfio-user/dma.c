// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA: bus addresses to the client's memory. The client maps what it wants
 * the NIC to reach; an operation outside of it, or against its permission, or
 * without bus mastering, is a fault of the NIC's DMA and nothing else.
 *
 * The client keeps its own descriptor of that memory and may cut the file
 * short at any time, after which touching the missing pages is SIGBUS. The
 * handler then puts zero pages over the whole range and marks it lost: the
 * copy in progress finishes harmlessly, and its caller sees a fault.
 */
#include "dma.h"

#include <errno.h>
#include <linux/magic.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* The range that a copy in progress touches: read by the signal handler */
static struct dma_map *volatile dma_guard;

static void dma_guard_handler(int sig, siginfo_t *info, void *context)
{
	struct dma_map *map = dma_guard;
	u8 *at = info->si_addr;

	(void)context;
	if (map && at >= map->va && at < map->va + map->size &&
	    mmap(map->va, map->size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
		 0) != MAP_FAILED) {
		map->lost = true;
		return;
	}
	/* Not ours: the instruction faults again, and that is the end. */
	signal(sig, SIG_DFL);
}

/**
 * dma_guard_install() - survive a client that cuts its memory short
 *
 * Return: false if the handler cannot be set, with errno.
 */
bool dma_guard_install(void)
{
	struct sigaction sa = {
		.sa_sigaction = dma_guard_handler,
		.sa_flags = SA_SIGINFO,
	};

	sigemptyset(&sa.sa_mask);
	return !sigaction(SIGBUS, &sa, NULL);
}

static u64 dma_map_end(const struct dma_map *map)
{
	return map->iova + map->size;
}

/* Index of the first range that ends after @addr */
static u32 dma_search(const struct dma *dma, u64 addr)
{
	u32 low = 0, high = dma->count;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (dma_map_end(&dma->map[mid]) <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/*
 * Memory that cannot make us wait: a page of a file on a FUSE or network
 * mount would be fetched by another process while we copy.
 */
static bool dma_fd_is_memory(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return false;
	return fs.f_type == TMPFS_MAGIC || fs.f_type == HUGETLBFS_MAGIC ||
	       fs.f_type == RAMFS_MAGIC;
}

static int dma_mmap(struct dma_map *map, int fd, u64 offset)
{
	int prot = PROT_READ | (map->prot & DMA_WRITE ? PROT_WRITE : 0);
	struct stat st;
	void *va;

	if (fstat(fd, &st))
		return errno;
	if (!S_ISREG(st.st_mode) || !dma_fd_is_memory(fd))
		return EINVAL;
	/* What lies beyond the end is SIGBUS, so it must not start there. */
	if (offset > (u64)st.st_size || map->size > (u64)st.st_size - offset)
		return EINVAL;
	va = mmap(NULL, map->size, prot, MAP_SHARED | MAP_NORESERVE, fd,
		  (off_t)offset);
	if (va == MAP_FAILED)
		return errno;
	map->va = va;
	return 0;
}

/**
 * dma_map_add() - let the NIC reach a range
 * @dma: address space
 * @want: iova, size and prot; page-aligned
 * @fd: file behind it, remains the caller's; -1: none, every access faults
 * @offset: where in the file, in bytes, page-aligned
 *
 * Return: 0, or EINVAL, EEXIST if it overlaps another, ENOSPC if there are
 * too many, or what mmap() said.
 */
int dma_map_add(struct dma *dma, const struct dma_map *want, int fd,
		u64 offset)
{
	struct dma_map map = {
		.iova = want->iova,
		.size = want->size,
		.prot = want->prot,
	};
	u32 at, i;
	int err;

	if ((map.iova | map.size | offset) & DMA_PAGE_MASK || !map.size ||
	    map.size > UINT64_MAX - map.iova ||
	    offset > INT64_MAX - map.size || !map.prot ||
	    map.prot & ~(u32)(DMA_READ | DMA_WRITE))
		return EINVAL;
	at = dma_search(dma, map.iova);
	if (at < dma->count && dma->map[at].iova < dma_map_end(&map))
		return EEXIST;
	if (dma->count == DMA_MAX_MAPS)
		return ENOSPC;
	if (fd >= 0) {
		err = dma_mmap(&map, fd, offset);
		if (err)
			return err;
	}
	for (i = dma->count; i > at; i--)
		dma->map[i] = dma->map[i - 1];
	dma->map[at] = map;
	dma->count++;
	return 0;
}

static void dma_map_drop(struct dma *dma, u32 first, u32 n)
{
	u32 i;

	for (i = first; i < first + n; i++)
		if (dma->map[i].va)
			munmap(dma->map[i].va, dma->map[i].size);
	for (i = first; i + n < dma->count; i++)
		dma->map[i] = dma->map[i + n];
	dma->count -= n;
	dma->last = 0;
}

/**
 * dma_map_remove() - take every range inside another away
 * @dma: address space
 * @iova: first bus address
 * @size: bytes
 * @removed: bytes that were mapped
 *
 * There is no DMA in flight to wait for: every copy ends before the one
 * thread of this process reads the next message, so that none can follow the
 * answer.
 *
 * Return: 0, ENOENT if there is none, EINVAL if one would have to be split.
 */
int dma_map_remove(struct dma *dma, u64 iova, u64 size, u64 *removed)
{
	u32 first, i;

	*removed = 0;
	if (!size || size > UINT64_MAX - iova)
		return EINVAL;
	first = dma_search(dma, iova);
	for (i = first; i < dma->count && dma->map[i].iova < iova + size; i++) {
		if (dma->map[i].iova < iova ||
		    dma_map_end(&dma->map[i]) > iova + size)
			return EINVAL;
		*removed += dma->map[i].size;
	}
	if (i == first)
		return ENOENT;
	dma_map_drop(dma, first, i - first);
	return 0;
}

/**
 * dma_map_remove_all() - the client is gone, or said so
 * @dma: address space
 */
void dma_map_remove_all(struct dma *dma)
{
	dma_map_drop(dma, 0, dma->count);
	dma->lost = false;
}

static struct dma_map *dma_find(struct dma *dma, u64 addr)
{
	struct dma_map *map = &dma->map[dma->last];
	u32 at;

	if (dma->last < dma->count && addr >= map->iova &&
	    addr - map->iova < map->size)
		return map;
	at = dma_search(dma, addr);
	if (at == dma->count || dma->map[at].iova > addr)
		return NULL;
	dma->last = at;
	return &dma->map[at];
}

/*
 * An aligned index is one store or load, as on a real bus: the host reads it
 * while we write.
 */
static void dma_move(void *dst, const void *src, u32 len)
{
	if (len == 4 && !(((uintptr_t)dst | (uintptr_t)src) & 3))
		__atomic_store_n((u32 *)dst, *(const volatile u32 *)src,
				 __ATOMIC_RELAXED);
	else
		memcpy(dst, src, len);
}

/* Copies within one range. @in: from the client's memory */
static bool dma_copy(struct dma_map *map, u64 addr, void *mine, u32 len,
		     bool in)
{
	u8 *theirs = map->va + (addr - map->iova);

	dma_guard = map;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (in)
		dma_move(mine, theirs, len);
	else
		dma_move(theirs, mine, len);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	dma_guard = NULL;
	return !map->lost;
}

/* A transfer may go on in the next range, if that starts where one ends. */
static bool dma_transfer(struct dma *dma, u64 addr, u8 *mine, u32 len, u32 prot)
{
	while (len) {
		struct dma_map *map = dma_find(dma, addr);
		u64 room;
		u32 n;

		if (!map || !map->va || map->lost || !(map->prot & prot))
			return false;
		room = map->size - (addr - map->iova);
		n = (u32)FW_MIN((u64)len, room);
		if (!dma_copy(map, addr, mine, n, prot == DMA_READ)) {
			dma->lost = true;
			return false;
		}
		addr += n;
		mine += n;
		len -= n;
	}
	return true;
}

/**
 * dma_read() - copy from bus addresses
 * @dma: address space
 * @addr: bus address
 * @dst: where to
 * @len: bytes
 *
 * What the host wrote before the index that we read earlier is seen.
 *
 * Return: FW_OK or FW_EFAULT.
 */
int dma_read(struct dma *dma, u64 addr, void *dst, u32 len)
{
	dma->reads++;
	if (!dma->open || !dma_transfer(dma, addr, dst, len, DMA_READ)) {
		dma->faults++;
		return FW_EFAULT;
	}
	dma->bytes += len;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return FW_OK;
}

/**
 * dma_write() - copy to bus addresses
 * @dma: address space
 * @addr: bus address
 * @src: what
 * @len: bytes
 *
 * The host sees it after all that was written before it.
 *
 * Return: FW_OK or FW_EFAULT.
 */
int dma_write(struct dma *dma, u64 addr, const void *src, u32 len)
{
	dma->writes++;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	if (!dma->open || !dma_transfer(dma, addr, (u8 *)(uintptr_t)src, len,
					DMA_WRITE)) {
		dma->faults++;
		return FW_EFAULT;
	}
	dma->bytes += len;
	return FW_OK;
}
