// SPDX-License-Identifier: GPL-2.0-only
/*
 * stream: the contents, sent and compared.
 *
 * They are one random pattern, repeated; its length is prime, so that bytes moved
 * by any usual size are noticed. Writes have odd sizes and start at odd addresses;
 * every other one is sent from the program's own pages (MSG_ZEROCOPY), so that the
 * network card meets buffers of all shapes.
 */
#include "stream.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PERIOD		1048573u	/* prime */
#define MAX_CHUNK	65536u
#define SEED		0x9e3779b97f4a7c15ull
#define SILENCE_MS	20000

static uint8_t pattern[PERIOD + MAX_DATAGRAM + MAX_CHUNK];

/**
 * die - print why this process cannot go on, and end it
 * @format: the reason, as printf() takes it
 */
void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("stream: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/**
 * make_pattern - fill the pattern that all contents are taken from
 */
void make_pattern(void)
{
	uint64_t state = SEED;
	size_t i;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = i < PERIOD ? next_random(&state) >> 56 :
					  pattern[i - PERIOD];
}

/**
 * must_poll - wait for a socket, and end the process if it stays silent
 * @fd: socket
 * @events: poll() waits for these
 * @what: is under way, for the message
 */
void must_poll(int fd, short events, const char *what)
{
	struct pollfd wait = { .fd = fd, .events = events };
	int ret = poll(&wait, 1, SILENCE_MS);

	if (ret < 0)
		die("poll: %s", strerror(errno));
	if (!ret)
		die("%s: nothing moved for %d s", what, SILENCE_MS / 1000);
}

/* Completions of MSG_ZEROCOPY must be taken, or memory runs out. */
static void drain_errors(int fd)
{
	char control[256];
	struct msghdr msg = { .msg_control = control };

	do {
		msg.msg_controllen = sizeof(control);
	} while (recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0);
}

/**
 * send_stream - send the pattern by TCP, in pieces of odd sizes
 * @fd: socket
 * @bytes: so many in all
 */
void send_stream(int fd, uint64_t bytes)
{
	uint64_t state = SEED, at = 0, left = bytes, count = 0;
	int one = 1;
	bool zerocopy = !setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &one,
				    sizeof(one));
	size_t chunk;
	ssize_t ret;

	while (left) {
		chunk = next_random(&state) % MAX_CHUNK + 1;
		chunk = chunk < left ? chunk : left;
		ret = send(fd, pattern + at, chunk, MSG_NOSIGNAL |
			   MSG_DONTWAIT |
			   (zerocopy && count++ % 2 ? MSG_ZEROCOPY : 0));
		if (ret < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
			drain_errors(fd);
			must_poll(fd, POLLOUT, "send");
			continue;
		}
		if (ret < 0)
			die("send: %s", strerror(errno));
		at = (at + ret) % PERIOD;
		left -= ret;
		drain_errors(fd);
	}
}

/**
 * receive_stream - receive by TCP what send_stream() sends, and compare it
 * @fd: socket
 * @bytes: so many in all
 *
 * Return: whether the contents are right
 */
bool receive_stream(int fd, uint64_t bytes)
{
	static uint8_t got[MAX_CHUNK];
	uint64_t at = 0, left = bytes;
	ssize_t ret;

	while (left) {
		must_poll(fd, POLLIN, "receive");
		ret = recv(fd, got, left < sizeof(got) ? left : sizeof(got), 0);
		if (ret <= 0)
			die("receive: %s after %llu of %llu bytes",
			    ret ? strerror(errno) : "the connection ended",
			    (unsigned long long)(bytes - left),
			    (unsigned long long)bytes);
		if (memcmp(got, pattern + at, ret)) {
			fprintf(stderr,
				"stream: wrong contents within %zd bytes at %llu\n",
				ret, (unsigned long long)(bytes - left));
			return false;
		}
		at = (at + ret) % PERIOD;
		left -= ret;
	}
	return true;
}

/**
 * fill_datagram - write the contents of a datagram
 * @data: here
 * @seq: its sequence number, which says where in the pattern it starts
 * @size: bytes of it
 */
void fill_datagram(uint8_t *data, uint32_t seq, size_t size)
{
	uint32_t be = htobe32(seq);

	memcpy(data, pattern + seq % PERIOD, size);
	memcpy(data, &be, size < sizeof(be) ? size : sizeof(be));
}

/**
 * datagram_is_right - compare a datagram with the pattern
 * @data: its contents
 * @size: bytes of it
 *
 * Return: whether they are what fill_datagram() wrote for its sequence number
 */
bool datagram_is_right(const uint8_t *data, size_t size)
{
	uint32_t be = 0;

	if (size <= sizeof(be))
		return true;
	memcpy(&be, data, sizeof(be));
	return !memcmp(data + sizeof(be),
		       pattern + be32toh(be) % PERIOD + sizeof(be),
		       size - sizeof(be));
}
