// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake board's wire: a queue of frames in each direction.
 */
#include <string.h>

#include "fake.h"

/* Frames are in one piece: a frame that would wrap starts over. */
static u8 *fake_fifo_reserve(struct fake_fifo *fifo, u32 len)
{
	u32 at = (u32)(fifo->bytes % FAKE_WIRE_BYTES);

	FAKE_CHECK(len <= FAKE_WIRE_BYTES / 2);
	if (at + len > FAKE_WIRE_BYTES) {
		fifo->bytes += FAKE_WIRE_BYTES - at;
		at = 0;
	}
	return fifo->data + at;
}

static void fake_fifo_commit(struct fake_fifo *fifo, u32 len)
{
	fifo->at[fifo->tail % FAKE_WIRE_FRAMES] = fifo->bytes;
	fifo->len[fifo->tail % FAKE_WIRE_FRAMES] = len;
	fifo->bytes += len;
	fifo->tail++;
	/* What was overwritten is no longer there. */
	while (fifo->tail - fifo->head > FAKE_WIRE_FRAMES ||
	       fifo->bytes - fifo->at[fifo->head % FAKE_WIRE_FRAMES] >
	       FAKE_WIRE_BYTES)
		fifo->head++;
}

static const u8 *fake_fifo_frame(const struct fake_fifo *fifo, u32 index,
				 u32 *len)
{
	*len = fifo->len[index % FAKE_WIRE_FRAMES];
	return fifo->data + fifo->at[index % FAKE_WIRE_FRAMES] %
	       FAKE_WIRE_BYTES;
}

static u32 fake_gather(u8 *dst, const struct fw_iov *iov, u32 count)
{
	u32 len = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		memcpy(dst + len, iov[i].base, iov[i].len);
		len += iov[i].len;
	}
	return len;
}

/**
 * fake_wire_send() - struct fw_board_ops wire_send
 * @opaque: the board
 * @iov: pieces of the frame
 * @count: how many
 *
 * Return: FW_OK, or FW_EBUSY as fake_board.busy and .paced say
 */
int fake_wire_send(void *opaque, const struct fw_iov *iov, u32 count)
{
	struct fake_board *board = opaque;
	u32 len = 0;
	u8 *frame;
	u32 i;

	if (board->busy) {
		board->busy--;
		return FW_EBUSY;
	}
	for (i = 0; i < count; i++)
		len += iov[i].len;
	if (board->paced) {
		board->stuck = board->room < len;
		if (board->stuck)
			return FW_EBUSY;
		board->room -= len;
	}
	frame = fake_fifo_reserve(&board->out, len);
	fake_gather(frame, iov, count);
	board->sent++;
	board->sent_bytes += len;
	if (board->sink)
		board->sink(board->sink_arg, frame, len);
	else if (!board->discard)
		fake_fifo_commit(&board->out, len);
	return FW_OK;
}

/**
 * fake_wire_poll() - struct fw_board_ops wire_poll
 * @opaque: the board
 * @iov: where to put a frame
 * @count: pieces
 *
 * Return: length of the frame in bytes, 0 if there is none
 */
int fake_wire_poll(void *opaque, const struct fw_iov *iov, u32 count)
{
	struct fake_board *board = opaque;
	const u8 *frame;
	u32 done = 0;
	u32 len;
	u32 i;

	board->polls++;
	if (board->repeat && board->in.head == board->in.tail)
		board->in.head = 0;
	if (board->in.head == board->in.tail)
		return 0;
	frame = fake_fifo_frame(&board->in, board->in.head++, &len);
	for (i = 0; i < count && done < len; i++) {
		u32 n = FW_MIN(iov[i].len, len - done);

		memcpy(iov[i].base, frame + done, n);
		done += n;
	}
	if (board->repeat && !--board->repeat)
		board->in.head = board->in.tail;
	return (int)len;
}

/**
 * fake_wire_push() - put a frame on the wire toward the NIC
 * @board: the board
 * @frame: Ethernet header first, no FCS
 * @len: bytes
 *
 * With fake_board.repeat set, the frames pushed since fake_wire_clear() are
 * received over and over until that many were.
 *
 * Return: false if the queue is full
 */
bool fake_wire_push(struct fake_board *board, const void *frame, u32 len)
{
	struct fake_fifo *fifo = &board->in;
	u64 oldest = fifo->at[fifo->head % FAKE_WIRE_FRAMES];

	if (fifo->tail - fifo->head >= FAKE_WIRE_FRAMES)
		return false;
	if (fifo->tail != fifo->head &&
	    fifo->bytes - oldest + 2 * (u64)len > FAKE_WIRE_BYTES)
		return false;
	memcpy(fake_fifo_reserve(fifo, len), frame, len);
	fake_fifo_commit(fifo, len);
	return true;
}

/**
 * fake_wire_next() - take the oldest frame that the NIC has sent
 * @board: the board
 * @frame: where to copy it
 * @max: room there
 *
 * Return: its length, 0 if there is none
 */
u32 fake_wire_next(struct fake_board *board, u8 *frame, u32 max)
{
	const u8 *from;
	u32 len;

	if (board->out.head == board->out.tail)
		return 0;
	from = fake_fifo_frame(&board->out, board->out.head++, &len);
	FAKE_CHECK(len <= max);
	memcpy(frame, from, len);
	return len;
}

/**
 * fake_wire_pending() - frames sent and not yet taken
 * @board: the board
 *
 * Return: how many fake_wire_next() will give
 */
u32 fake_wire_pending(const struct fake_board *board)
{
	return board->out.tail - board->out.head;
}

static void fake_fifo_clear(struct fake_fifo *fifo)
{
	fifo->head = 0;
	fifo->tail = 0;
	fifo->bytes = 0;
}

/**
 * fake_wire_clear() - forget all frames on the wire
 * @board: the board
 */
void fake_wire_clear(struct fake_board *board)
{
	fake_fifo_clear(&board->in);
	fake_fifo_clear(&board->out);
	board->repeat = 0;
}

static void fake_wire_cross(void *arg, const u8 *frame, u32 len)
{
	fake_wire_push(arg, frame, len);
}

/**
 * fake_wire_connect() - connect two boards back to back
 * @a: one
 * @b: the other
 */
void fake_wire_connect(struct fake_board *a, struct fake_board *b)
{
	a->sink = fake_wire_cross;
	a->sink_arg = b;
	b->sink = fake_wire_cross;
	b->sink_arg = a;
}
