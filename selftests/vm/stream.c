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
 * The contents are made in stream_data.c.
 */
#include "stream.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAGIC		0x73747265616d3031ull
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
