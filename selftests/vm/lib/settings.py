# SPDX-License-Identifier: GPL-2.0-only
"""The settings of a run, and what all of its parts agree on."""

import os

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
# The directory of the run, if there is one
RUN = os.environ.get("BED_RUN", "")
DIR = os.path.join(RUN, "vm")
# Limits of time are for an idle machine and Debian's kernels, times this.
PATIENCE = int(os.environ.get("VM_PATIENCE", "2"))
CPUS = int(os.environ.get("VM_CPUS", "1"))
# The server that `stream` talks to
PORT = 5001
MTU = 1500


def ip4(net, host):
    """The address of a host on the wire of NIC `net`."""
    return f"198.18.{net}.{host}"


def ip6(net, host):
    """The same for IPv6."""
    return f"fdcd:a0::{net}:0:{host}"


def record(name, line):
    """Keep something for later cases, and for what judges the run."""
    with open(os.path.join(DIR, name), "a") as records:
        print(line, file=records)


def recorded(name):
    """Return: how many lines were recorded by that name"""
    try:
        with open(os.path.join(DIR, name)) as records:
            return len(records.readlines())
    except FileNotFoundError:
        return 0
