/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A look at a guest's rings that no trap of the guest made.
 */
#ifndef CDNA_RESUME_H
#define CDNA_RESUME_H

#include <linux/workqueue.h>

struct cdna_domain;
struct mem_cgroup;

#define CDNA_RESUME_MS	1	/* between two looks of a work, of which each is bounded */

/**
 * struct cdna_resume - who looks at the rings without a trap
 * @work: does
 * @queues: at which virtqueues, a bit each by CDNA_VQUEUE()
 * @trapped: at all, as in a trap
 * @wq: where it runs
 * @of_host: the memory is the host's own, which may need what is in the rings to have any
 * @memcg: what memory that descriptors take is charged to
 */
struct cdna_resume {
	struct delayed_work work;
	unsigned long queues;
	bool trapped;
	struct workqueue_struct *wq;
	bool of_host;
	struct mem_cgroup *memcg;
};

void cdna_resume_init(struct cdna_domain *domain);
void cdna_resume_of_host(struct cdna_domain *domain,
			 struct workqueue_struct *wq);
void cdna_resume_open(struct cdna_domain *domain);
void cdna_resume_close(struct cdna_domain *domain);
void cdna_resume_queue(struct cdna_domain *domain, unsigned long queues);
void cdna_resume_trap(struct cdna_domain *domain);
void cdna_resume_now(struct cdna_domain *domain);

#endif /* CDNA_RESUME_H */
