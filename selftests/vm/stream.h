/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream: what its server and clients send, receive and compare.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_DATAGRAM	65507u

void __attribute__((format(printf, 1, 2), noreturn)) die(const char *format, ...);
void must_poll(int fd, short events, const char *what);

void make_pattern(void);
void send_stream(int fd, uint64_t bytes);
bool receive_stream(int fd, uint64_t bytes);
void fill_datagram(uint8_t *data, uint32_t seq, size_t size);
bool datagram_is_right(const uint8_t *data, size_t size);

#endif /* STREAM_H */
