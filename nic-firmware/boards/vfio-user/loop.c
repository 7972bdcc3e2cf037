// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one thread: wait, handle messages, let the firmware take turns. A
 * client's load waits at most for one round, because QEMU holds its big lock
 * meanwhile.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "nicd.h"

#define LOOP_MESSAGES		256	/* handled in one round */
#define LOOP_STEPS_NS		100000	/* how long the firmware takes turns */
#define LOOP_TICK_NS		CLOCK_NS_PER_SEC

enum loop_fd {
	LOOP_SIGNAL,
	LOOP_LISTEN,
	LOOP_CLIENT,
	LOOP_EXTRA,
	LOOP_WIRE,
	LOOP_WIRE_LISTEN,
	LOOP_NR_FDS,
};

/* A signal handler reaches nothing else. */
static volatile sig_atomic_t loop_stop;
static volatile sig_atomic_t loop_counters;
static int loop_signal_fd = -1;

static void loop_signal(int sig)
{
	static const u64 one = 1;
	int err = errno;
	ssize_t n;

	if (sig == SIGUSR1)
		loop_counters = 1;
	else
		loop_stop = 1;
	/* If it is full, the loop wakes up anyway. */
	n = write(loop_signal_fd, &one, sizeof(one));
	(void)n;
	errno = err;
}

/**
 * loop_init() - handle signals from now on
 *
 * Return: false after logging why.
 */
bool loop_init(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
	/* No SA_RESTART: a call that blocks is to come back. */
	struct sigaction sa = { .sa_handler = loop_signal };
	u32 i;

	loop_signal_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop_signal_fd < 0)
		goto fail;
	sigemptyset(&sa.sa_mask);
	for (i = 0; i < FW_ARRAY_SIZE(signals); i++)
		if (sigaction(signals[i], &sa, NULL))
			goto fail;
	if (signal(SIGPIPE, SIG_IGN) != SIG_ERR)
		return true;
fail:
	log_error("cannot handle signals: %s", strerror(errno));
	return false;
}

static void loop_fds(const struct nicd *d, struct pollfd *fds)
{
	/* poll() skips what is negative. */
	fds[LOOP_SIGNAL] = (struct pollfd){ loop_signal_fd, POLLIN, 0 };
	fds[LOOP_LISTEN] = (struct pollfd){ d->listen_fd, POLLIN, 0 };
	fds[LOOP_CLIENT] = (struct pollfd){ d->conn.fd, POLLIN, 0 };
	fds[LOOP_EXTRA] = (struct pollfd){ d->extra_fd, POLLIN, 0 };
	fds[LOOP_WIRE] = (struct pollfd){ d->wire.fd, wire_events(&d->wire),
					  0 };
	fds[LOOP_WIRE_LISTEN] = (struct pollfd){ d->wire.listen_fd, POLLIN,
						 0 };
	if (msg_wants_out(&d->conn))
		fds[LOOP_CLIENT].events |= POLLOUT;
}

/* How long to wait, if nothing happens */
static struct timespec loop_timeout(const struct nicd *d, bool busy)
{
	u64 now, until, ns = 0;

	if (!busy) {
		now = clock_now_ns();
		until = FW_MIN(fw_nic_deadline(d->nic),
			       wire_deadline(&d->wire, now));
		until = FW_MIN(until, now + LOOP_TICK_NS);
		ns = until > now ? until - now : 0;
	}
	return (struct timespec){
		.tv_sec = (time_t)(ns / CLOCK_NS_PER_SEC),
		.tv_nsec = (long)(ns % CLOCK_NS_PER_SEC),
	};
}

static bool loop_step(struct nicd *d)
{
	u64 end = clock_now_ns() + LOOP_STEPS_NS;
	bool more;

	do {
		more = fw_nic_step(d->nic);
	} while (more && clock_now_ns() < end);
	if (d->dma.lost && d->conn.fd >= 0) {
		d->counts.dropped++;
		server_drop(d, "it cut its memory short");
	}
	return more;
}

static void loop_take_signals(struct nicd *d)
{
	u64 count;

	if (read(loop_signal_fd, &count, sizeof(count)) < 0)
		return;
	if (loop_counters) {
		loop_counters = 0;
		counters_print(d);
	}
}

/**
 * loop_once() - one round
 * @d: process
 * @busy: there is something to do: do not wait
 *
 * Return: true if there is more to do.
 */
bool loop_once(struct nicd *d, bool busy)
{
	struct pollfd fds[LOOP_NR_FDS];
	struct timespec timeout;
	bool more = false;
	u64 now;

	loop_fds(d, fds);
	timeout = loop_timeout(d, busy);
	if (ppoll(fds, LOOP_NR_FDS, &timeout, NULL) < 0)
		return true;
	now = clock_now_ns();
	if (fds[LOOP_SIGNAL].revents)
		loop_take_signals(d);
	if (fds[LOOP_EXTRA].revents ||
	    (d->extra_fd >= 0 && now >= d->extra_until))
		server_extra(d, now);
	if (fds[LOOP_CLIENT].revents)
		more = server_service(d, LOOP_MESSAGES);
	if (fds[LOOP_LISTEN].revents)
		server_accept(d);
	wire_service(&d->wire, fds[LOOP_WIRE].revents,
		     fds[LOOP_WIRE_LISTEN].revents, now);
	more |= loop_step(d);
	wire_flush(&d->wire);
	pcap_tick(&d->pcap, now);
	return more;
}

/**
 * loop_run() - serve until a signal says to end
 * @d: process
 */
void loop_run(struct nicd *d)
{
	bool busy = true;

	while (!loop_stop)
		busy = loop_once(d, busy);
}
