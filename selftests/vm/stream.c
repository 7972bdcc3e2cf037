// SPDX-License-Identifier: GPL-2.0-only
/*
 * stream: traffic whose contents are compared, between two machines.
 *
 *   stream serve PORT              answer until killed, TCP and UDP
 *   stream send HOST PORT BYTES    TCP to the server, which compares
 *   stream send-options HOST PORT BYTES
 *                                  the same by IPv6 with a header of options
 *   stream recv HOST PORT BYTES    TCP from the server, compared here
 *   stream echo HOST PORT MIN MAX STEP
 *                                  one datagram of each size there and back
 *
 * The contents are one random pattern, repeated; its length is prime, so that
 * bytes moved by any usual size are noticed. Writes have odd sizes and start at
 * odd addresses; every other one is sent from the program's own pages
 * (MSG_ZEROCOPY), so that the network card meets buffers of all shapes.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PERIOD		1048573u	/* prime */
#define MAX_CHUNK	65536u
#define MAX_DATAGRAM	65507u
#define SEED		0x9e3779b97f4a7c15ull
#define MAGIC		0x73747265616d3031ull
#define SILENCE_MS	20000
#define ECHO_MS		1000
#define ECHO_TRIES	5
#define ECHO_SPARE	3	/* and one in so many datagrams may be lost */
#define ECHO_ONE_IN	20

/* What a client asks a server for; big-endian on the wire */
struct request {
	uint64_t magic;
	uint64_t bytes;
	uint64_t to_server;
};

static uint8_t pattern[PERIOD + MAX_DATAGRAM + MAX_CHUNK];

static void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...)
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

static void make_pattern(void)
{
	uint64_t state = SEED;
	size_t i;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = i < PERIOD ? next_random(&state) >> 56 :
					  pattern[i - PERIOD];
}

static uint64_t parse(const char *text, uint64_t max)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || !*text || value > max)
		die("'%s' is not a number up to %llu", text,
		    (unsigned long long)max);
	return value;
}

static void must_poll(int fd, short events, const char *what)
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

static void send_stream(int fd, uint64_t bytes)
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

static bool receive_stream(int fd, uint64_t bytes)
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

static void read_all(int fd, void *data, size_t size)
{
	size_t done = 0;
	ssize_t ret;

	for (; done < size; done += ret) {
		must_poll(fd, POLLIN, "receive");
		ret = recv(fd, (char *)data + done, size - done, 0);
		if (ret <= 0)
			die("the other side ended: %s",
			    ret ? strerror(errno) : "end of stream");
	}
}

/* Each side tells the other whether what it got was right. */
static void tell(int fd, bool good)
{
	uint8_t byte = good;

	if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1)
		die("send: %s", strerror(errno));
}

static bool hear(int fd)
{
	uint8_t byte;

	read_all(fd, &byte, 1);
	return byte;
}

static void serve_connection(int fd)
{
	struct request request;
	bool good;

	read_all(fd, &request, sizeof(request));
	if (be64toh(request.magic) != MAGIC)
		die("a client spoke another protocol");
	if (be64toh(request.to_server)) {
		good = receive_stream(fd, be64toh(request.bytes));
		tell(fd, good);
	} else {
		send_stream(fd, be64toh(request.bytes));
		good = hear(fd);
	}
	exit(!good);
}

/* A datagram is a sequence number that says where in the pattern it starts. */
static size_t fill_datagram(uint8_t *data, uint32_t seq, size_t size)
{
	uint32_t be = htobe32(seq);

	memcpy(data, pattern + seq % PERIOD, size);
	memcpy(data, &be, size < sizeof(be) ? size : sizeof(be));
	return size;
}

static bool datagram_is_right(const uint8_t *data, size_t size)
{
	uint32_t be = 0;

	if (size <= sizeof(be))
		return true;
	memcpy(&be, data, sizeof(be));
	return !memcmp(data + sizeof(be),
		       pattern + be32toh(be) % PERIOD + sizeof(be),
		       size - sizeof(be));
}

static void serve_datagram(int fd)
{
	static uint8_t data[MAX_DATAGRAM];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	ssize_t size;

	size = recvfrom(fd, data, sizeof(data), MSG_DONTWAIT,
			(struct sockaddr *)&from, &len);
	if (size < 0)
		return;
	/* What is wrong with it, the client says. */
	sendto(fd, data, size, 0, (struct sockaddr *)&from, len);
}

static int listen_on(int type, uint16_t port)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
	};
	int fd = socket(AF_INET6, type, 0);
	int off = 0, on = 1;

	if (fd < 0)
		die("socket: %s", strerror(errno));
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
	    (type == SOCK_STREAM && listen(fd, 16)))
		die("port %u: %s", port, strerror(errno));
	return fd;
}

static int serve(uint16_t port)
{
	struct pollfd wait[] = {
		{ .fd = listen_on(SOCK_STREAM, port), .events = POLLIN },
		{ .fd = listen_on(SOCK_DGRAM, port), .events = POLLIN },
	};
	int fd;

	for (;;) {
		if (poll(wait, 2, -1) < 0)
			die("poll: %s", strerror(errno));
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (wait[1].revents)
			serve_datagram(wait[1].fd);
		if (!wait[0].revents)
			continue;
		fd = accept(wait[0].fd, NULL, NULL);
		if (fd >= 0 && !fork())
			serve_connection(fd);
		if (fd >= 0)
			close(fd);
	}
}

static int connect_to(int type, const char *host, const char *port)
{
	struct addrinfo hints = {
		.ai_socktype = type,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *found;
	int fd, ret;

	ret = getaddrinfo(host, port, &hints, &found);
	if (ret)
		die("%s port %s: %s", host, port, gai_strerror(ret));
	fd = socket(found->ai_family, type, 0);
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen))
		die("%s port %s: %s", host, port, strerror(errno));
	freeaddrinfo(found);
	return fd;
}

/* From here on, all that is sent has a header of hop-by-hop options: padding. */
static void put_options(int fd)
{
	static const uint8_t options[8] = { 0, 0, 1, 4 };

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_HOPOPTS, options,
		       sizeof(options)))
		die("options of IPv6: %s", strerror(errno));
}

static int transfer(const char *host, const char *port, uint64_t bytes,
		    bool to_server, bool options)
{
	struct request request = {
		.magic = htobe64(MAGIC),
		.bytes = htobe64(bytes),
		.to_server = htobe64(to_server),
	};
	int fd = connect_to(SOCK_STREAM, host, port);
	bool good;

	if (options)
		put_options(fd);
	if (send(fd, &request, sizeof(request), MSG_NOSIGNAL) !=
	    sizeof(request))
		die("send: %s", strerror(errno));
	if (to_server) {
		send_stream(fd, bytes);
		good = hear(fd);
	} else {
		good = receive_stream(fd, bytes);
		tell(fd, good);
	}
	close(fd);
	if (!good)
		die("the contents differ");
	return 0;
}

static bool echo_once(int fd, uint32_t seq, size_t size)
{
	static uint8_t data[MAX_DATAGRAM], back[MAX_DATAGRAM];
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	ssize_t ret;

	fill_datagram(data, seq, size);
	if (send(fd, data, size, 0) < 0 && errno != ENOBUFS)
		die("datagram of %zu bytes: %s", size, strerror(errno));
	while (poll(&wait, 1, ECHO_MS) > 0) {
		ret = recv(fd, back, sizeof(back), 0);
		if (ret < 0)
			die("datagram: %s", strerror(errno));
		if ((size_t)ret == size && !memcmp(data, back, size))
			return true;
		/* An answer to an earlier datagram may come late. */
		if (!datagram_is_right(back, ret))
			die("a datagram of %zd bytes came back with other contents",
			    ret);
	}
	return false;
}

static int echo(const char *host, const char *port, uint32_t min, uint32_t max,
		uint32_t step)
{
	int fd = connect_to(SOCK_DGRAM, host, port);
	uint32_t size, seq = 1, sent = 0, again = 0;
	int tries;

	if (!step)
		die("a STEP of 0 never ends");
	for (size = min; size <= max; size += step, seq += 7919) {
		for (tries = 0; !echo_once(fd, seq, size); tries++, again++)
			if (tries == ECHO_TRIES)
				die("datagram of %u bytes did not come back",
				    size);
		sent++;
	}
	printf("%u datagrams came back, %u were sent again\n", sent, again);
	if (again > ECHO_SPARE + sent / ECHO_ONE_IN)
		die("too many of them were lost");
	close(fd);
	return 0;
}

static const char usage[] =
	"usage: stream serve PORT | send[-options] HOST PORT BYTES |\n"
	"       recv HOST PORT BYTES | echo HOST PORT MIN MAX STEP\n";

int main(int argc, char **argv)
{
	make_pattern();
	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve(parse(argv[2], UINT16_MAX));
	if (argc == 5 && !strcmp(argv[1], "send"))
		return transfer(argv[2], argv[3], parse(argv[4], UINT64_MAX),
				true, false);
	if (argc == 5 && !strcmp(argv[1], "send-options"))
		return transfer(argv[2], argv[3], parse(argv[4], UINT64_MAX),
				true, true);
	if (argc == 5 && !strcmp(argv[1], "recv"))
		return transfer(argv[2], argv[3], parse(argv[4], UINT64_MAX),
				false, false);
	if (argc == 7 && !strcmp(argv[1], "echo"))
		return echo(argv[2], argv[3], parse(argv[4], MAX_DATAGRAM),
			    parse(argv[5], MAX_DATAGRAM),
			    parse(argv[6], MAX_DATAGRAM));
	fputs(usage, stderr);
	return 2;
}
