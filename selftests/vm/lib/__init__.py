# SPDX-License-Identifier: GPL-2.0-only
"""What the subjects are written with."""

from .capture import Capture, Listener
from .cases import Case, LongCase
from .flows import Connections, Flows, echo, stream
from .hosts import CommandFailed, l1, peer
from .ksft import (defer, ksft_eq, ksft_ge, ksft_gt, ksft_in, ksft_lt, ksft_match,
                   ksft_no_match, ksft_not_in, note, wait_until)
from .machines import Context, context1, context2, context3, context4, vm1, vm2

__all__ = [
    "Capture", "Case", "CommandFailed", "Connections", "Context", "Flows", "Listener",
    "LongCase",
    "context1", "context2", "context3", "context4", "defer", "echo", "ksft_eq",
    "ksft_ge", "ksft_gt", "ksft_in", "ksft_lt", "ksft_match", "ksft_no_match",
    "ksft_not_in", "l1", "note", "peer", "stream", "vm1", "vm2", "wait_until",
]
