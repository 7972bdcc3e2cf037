// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "ring_chain.h"

static u64 state;

void ring_seed(u64 seed)
{
	state = seed * 2 + 1;
}

/* 0 to @bound - 1, by a linear congruential generator's upper half */
u32 ring_below(u32 bound)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)((state >> 32) * bound >> 32);
}

static u32 random_len(u32 longest)
{
	u32 most = 200;

	if (!ring_below(8))
		most = CDNA_VIRTQ_HDR_BYTES;
	else if (!ring_below(64))
		most = longest;
	return 1 + ring_below(most < longest ? most : longest);
}

static u32 bytes_of(const struct ring_buffer *buffer, u32 count)
{
	u32 sum = 0, i;

	for (i = 0; i < count; i++)
		sum += buffer[i].len;
	return sum;
}

/* A receive chain has room for a header, a command has a header. */
static void lengthen(struct ring_chain *chain, enum ring_kind kind)
{
	u32 first = kind == RING_CONTROL ? chain->outs : chain->outs + chain->ins;
	u32 least = kind == RING_CONTROL ? CDNA_VIRTQ_CTRL_BYTES :
		    kind == RING_RECEIVE ? CDNA_VIRTQ_HDR_BYTES : 0;

	if (bytes_of(chain->buffer, first) < least)
		chain->buffer[first - 1].len += least;
}

/**
 * ring_chain_make - make a chain of buffers that are anywhere in its memory
 * @chain: the chain
 * @kind: of the queue
 * @max: buffers, at least 2
 */
void ring_chain_make(struct ring_chain *chain, enum ring_kind kind, u32 max)
{
	u32 few = max < 4 ? max : 4;
	u32 total = 1 + ring_below(ring_below(16) ? few : max);
	u8 *at = chain->memory;
	u32 longest, i;

	if (kind == RING_CONTROL && total < 2)
		total = 2;
	chain->ins = kind == RING_CONTROL ? 1 + ring_below(total - 1) :
		     kind == RING_RECEIVE ? total : 0;
	chain->outs = total - chain->ins;
	/* As much again lies between them. */
	longest = RING_SLOT_BYTES / 2 / total - CDNA_VIRTQ_HDR_BYTES;
	for (i = 0; i < total; i++)
		chain->buffer[i].len = random_len(longest);
	lengthen(chain, kind);
	for (i = 0; i < total; i++) {
		at += ring_below(longest);
		chain->buffer[i].at = at;
		at += chain->buffer[i].len;
	}
}

static u32 in_page(const u8 *at, u32 len)
{
	u32 left = CDNA_PAGE_SIZE - (uintptr_t)at % CDNA_PAGE_SIZE;

	return len < left ? len : left;
}

/* Cut buffers at pages, from byte @skip on. Return: how many pieces that makes, of which
 * those that a walker has room for are in @piece
 */
static u32 cut(const struct ring_buffer *buffer, u32 count, u32 skip,
	       struct cdna_virtq_piece *piece)
{
	u32 pieces = 0, len, n, i;
	const u8 *at;

	for (i = 0; i < count; i++) {
		n = skip < buffer[i].len ? skip : buffer[i].len;
		skip -= n;
		at = buffer[i].at + n;
		for (len = buffer[i].len - n; len; len -= n, at += n) {
			n = in_page(at, len);
			if (pieces < CDNA_MAX_VIRTIO_CHAIN)
				piece[pieces] = (struct cdna_virtq_piece) {
					(uintptr_t)at, n
				};
			pieces++;
		}
	}
	return pieces;
}

static const char *compare_pieces(const struct cdna_virtq_piece *want,
				  u32 pieces, const struct cdna_virtq_chain *got)
{
	u32 bytes = 0, i;

	if (got->pieces != pieces)
		return "another number of pieces";
	for (i = 0; i < pieces; i++) {
		if (got->piece[i].addr != want[i].addr)
			return "a piece that is elsewhere";
		if (got->piece[i].len != want[i].len)
			return "a piece of another length";
		bytes += want[i].len;
	}
	return got->bytes == bytes ? NULL : "another number of bytes";
}

static bool has_header(const struct ring_chain *chain, const u8 *hdr)
{
	u32 done = 0, n, i;

	for (i = 0; done < CDNA_VIRTQ_HDR_BYTES; i++, done += n) {
		n = CDNA_VIRTQ_HDR_BYTES - done;
		if (n > chain->buffer[i].len)
			n = chain->buffer[i].len;
		if (memcmp(hdr + done, chain->buffer[i].at, n))
			return false;
	}
	return true;
}

static const char *compare_transmit(const struct ring_chain *chain,
				    const struct cdna_virtq_chain *got)
{
	struct cdna_virtq_piece want[CDNA_MAX_VIRTIO_CHAIN];
	u32 pieces = cut(chain->buffer, chain->outs, CDNA_VIRTQ_HDR_BYTES, want);
	u32 bytes = bytes_of(chain->buffer, chain->outs);
	const struct ring_buffer *first = chain->buffer;
	bool drop;

	drop = !pieces || pieces > CDNA_MAX_VIRTIO_CHAIN ||
	       bytes - CDNA_VIRTQ_HDR_BYTES > CDNA_MAX_FRAME_BYTES;
	if (got->drop != drop)
		return drop ? "no drop" : "a drop";
	if (!drop)
		return has_header(chain, got->hdr) ?
		       compare_pieces(want, pieces, got) : "another header";
	bytes = first->len < CDNA_VIRTQ_HDR_BYTES ? first->len :
						    CDNA_VIRTQ_HDR_BYTES;
	want[0].addr = (uintptr_t)first->at;
	want[0].len = in_page(first->at, bytes);
	return compare_pieces(want, 1, got);
}

/**
 * ring_chain_compare - did the walker find what was added?
 * @chain: what was
 * @kind: of the queue
 * @got: what it found
 *
 * Return: NULL if so, else what it found instead
 */
const char *ring_chain_compare(const struct ring_chain *chain,
			       enum ring_kind kind,
			       const struct cdna_virtq_chain *got)
{
	struct cdna_virtq_piece want[CDNA_MAX_VIRTIO_CHAIN];
	bool control = kind == RING_CONTROL;
	u32 pieces;
	bool more;

	if (kind == RING_TRANSMIT)
		return compare_transmit(chain, got);
	pieces = cut(chain->buffer, control ? chain->outs : chain->ins, 0, want);
	more = pieces > CDNA_MAX_VIRTIO_CHAIN;
	if (control &&
	    got->answer != (uintptr_t)chain->buffer[chain->outs].at)
		return "another place for the answer";
	if (got->drop != (control && more))
		return got->drop ? "a drop" : "no drop";
	return compare_pieces(want, more ? CDNA_MAX_VIRTIO_CHAIN : pieces, got);
}

/**
 * ring_chain_write - write into a chain, as a device that has only what the walker found
 * @chain: the chain; set to what was written
 * @got: what the walker found
 */
void ring_chain_write(struct ring_chain *chain,
		      const struct cdna_virtq_chain *got)
{
	u32 left, n, i;

	chain->written = 0;
	if (!chain->ins)
		return;
	chain->mark++;
	if (chain->outs) {
		chain->written = 1;
		*(u8 *)(uintptr_t)got->answer = chain->mark;
		return;
	}
	left = 1 + ring_below(got->bytes);
	chain->written = left;
	for (i = 0; left; i++, left -= n) {
		n = left < got->piece[i].len ? left : got->piece[i].len;
		memset((void *)(uintptr_t)got->piece[i].addr, chain->mark, n);
	}
}

/* Return: whether what the device wrote is where the driver wanted it */
bool ring_chain_has(const struct ring_chain *chain)
{
	u32 left = chain->written, i, n;

	for (i = chain->outs; left; i++) {
		for (n = 0; n < chain->buffer[i].len && left; n++, left--)
			if (chain->buffer[i].at[n] != chain->mark)
				return false;
	}
	return true;
}
