// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nic.h"

#define DRIVER	"/sys/bus/pci/drivers/cdna_mdev"
#define REFUSER	"/sys/module/cdna_refuser/parameters/"

static int put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	ret = write(fd, value, strlen(value)) < 0 ? -1 : 0;
	close(fd);
	return ret;
}

/* Beside the module that is tested, if that is a file */
int nic_load_refuser(void)
{
	const char *tested = getenv("CDNA_MODULE") ?: "";
	const char *end = strstr(tested, "kernel/cdna_mdev/");
	char path[PATH_MAX];
	int fd, ret;

	if (!access(REFUSER "opcode", F_OK))
		return 0;
	if (!end)
		return system("modprobe cdna_refuser") ? -1 : 0;
	snprintf(path, sizeof(path), "%.*sselftests/refuser/cdna_refuser.ko",
		 (int)(end - tested), tested);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = syscall(SYS_finit_module, fd, "", 0);
	close(fd);
	return ret;
}

static int put_number(const char *path, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	return put(path, text);
}

int nic_refuse_some(unsigned int opcode, unsigned int skip, unsigned int times)
{
	int ret = put(REFUSER "opcode", "0");

	if (!ret)
		ret = put_number(REFUSER "skip", skip);
	if (!ret)
		ret = put_number(REFUSER "times", times);
	return ret ? ret : put_number(REFUSER "opcode", opcode);
}

int nic_refuse(unsigned int opcode)
{
	return nic_refuse_some(opcode, 0, UINT_MAX);
}

void nic_name(char *name, size_t size)
{
	glob_t nics;

	name[0] = '\0';
	if (glob(DRIVER "/*:*", 0, NULL, &nics))
		return;
	snprintf(name, size, "%s", strrchr(nics.gl_pathv[0], '/') + 1);
	globfree(&nics);
}

bool nic_is(const char *nic, const char *health)
{
	char path[PATH_MAX], text[128] = "";
	FILE *file;

	snprintf(path, sizeof(path), DRIVER "/%s/cdna/health", nic);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	if (strcmp(text, health))
		printf("# the NIC is %s\n", text);
	return !strcmp(text, health);
}

/* Start over, as an administrator does after a death */
int nic_rebind(const char *nic)
{
	int ret = put(DRIVER "/unbind", nic);

	return ret ? ret : put(DRIVER "/bind", nic);
}
