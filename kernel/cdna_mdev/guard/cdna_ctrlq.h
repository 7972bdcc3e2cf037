/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A control virtqueue: commands of a guest that the host runs, not the NIC.
 */
#ifndef CDNA_CTRLQ_H
#define CDNA_CTRLQ_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include "guard/cdna_queue.h"
#include "guard/cdna_vring.h"

struct cdna_domain;

#define CDNA_CTRLQ_BYTES	8192	/* of a command that are looked at */
#define CDNA_CTRLQ_QP		CDNA_MAX_QPS	/* which faults of it are reported as */
#define CDNA_CTRLQ_NUMBER	CDNA_VDEV_NR_QUEUES	/* behind those of queue pairs */

/**
 * struct cdna_ctrlq_command - a copy of a command
 * @len: bytes of it in @byte, at least CDNA_VIRTQ_CTRL_BYTES
 * @more: it had more bytes
 * @byte: the first ones
 */
struct cdna_ctrlq_command {
	u32 len;
	bool more;
	u8 byte[CDNA_CTRLQ_BYTES];
};

/**
 * struct cdna_ctrlq_ops - whose commands these are: the mediated side
 * @run: run a command, with cdna_domain.ctl_lock held. May sleep. Return: what its guest
 *	reads in the byte that it gave for the answer
 * @interrupt: the guest wants to be interrupted, because an answer is there
 */
struct cdna_ctrlq_ops {
	u8 (*run)(struct cdna_domain *domain,
		  const struct cdna_ctrlq_command *command);
	void (*interrupt)(struct cdna_domain *domain);
};

/**
 * struct cdna_ctrlq - a control queue
 * @domain: whose
 * @ops: what its commands do
 * @at: where a store into the notify page is for it; read by those that notify
 * @queue: its memory, gate and state; the NIC does not know it
 * @wanted: the guest gave it, and has not reset its device since; this and the next two
 *	change under cdna_domain.ctl_lock
 * @params: where it is
 * @command: the one that is being run
 * @rests: no other command is run before a pause
 * @next: free-running index of the next available entry, while there is no memory of it;
 *	this and the next change under cdna_domain.lock
 * @done: of the next used one
 * @work: serves it
 */
struct cdna_ctrlq {
	struct cdna_domain *domain;
	const struct cdna_ctrlq_ops *ops;
	u32 at;
	struct cdna_queue queue;
	bool wanted;
	struct cdna_vring_params params;
	struct cdna_ctrlq_command command;
	bool rests;
	u16 next;
	u16 done;
	struct delayed_work work;
};

int cdna_ctrlq_create(struct cdna_domain *domain,
		      const struct cdna_ctrlq_ops *ops);
void cdna_ctrlq_free(struct cdna_domain *domain);
enum cdna_vresult cdna_ctrlq_start(struct cdna_domain *domain, u32 number,
				   const struct cdna_vring_params *params);
void cdna_ctrlq_forget(struct cdna_domain *domain);
void cdna_ctrlq_kick(struct cdna_domain *domain);
bool cdna_ctrlq_notified(struct cdna_domain *domain, u32 offset);
void cdna_ctrlq_shut(struct cdna_domain *domain);
void cdna_ctrlq_wait(struct cdna_domain *domain);
void cdna_ctrlq_strip(struct cdna_domain *domain);
bool cdna_ctrlq_release(struct cdna_domain *domain);
bool cdna_ctrlq_uses(const struct cdna_domain *domain, unsigned long first,
		     unsigned long last);
void cdna_ctrlq_withdraw(struct cdna_domain *domain);

#endif /* CDNA_CTRLQ_H */
