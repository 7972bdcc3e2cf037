# SPDX-License-Identifier: GPL-2.0-only
"""Checks, by the names that the kernel's selftests give them, and what else a
case needs whatever it is about. A check that fails ends the case."""

import re
import time

from .settings import PATIENCE

_deferred = []


class CheckFailed(AssertionError):
    """What a case found is not what it has to be."""


def _check(holds, a, relation, b, comment):
    if not holds:
        what = f"{_shown(a)} {relation} {_shown(b)}"
        raise CheckFailed(f"{comment}: {what}" if comment else what)


def _shown(value):
    """All of a long text was shown when it was printed."""
    text = repr(value)
    return text if len(text) < 200 else text[:200] + "..."


def ksft_eq(a, b, comment=""):
    """A equals B."""
    _check(a == b, a, "is not", b, comment)


def ksft_ge(a, b, comment=""):
    """A is at least B."""
    _check(a >= b, a, "is less than", b, comment)


def ksft_gt(a, b, comment=""):
    """A is more than B."""
    _check(a > b, a, "is not more than", b, comment)


def ksft_lt(a, b, comment=""):
    """A is less than B."""
    _check(a < b, a, "is not less than", b, comment)


def ksft_in(a, b, comment=""):
    """A is in B, a text or a collection."""
    _check(a in b, a, "is not in", b, comment)


def ksft_not_in(a, b, comment=""):
    """A is not in B."""
    _check(a not in b, a, "is in", b, comment)


def ksft_match(pattern, text, comment=""):
    """A line of the text has the pattern."""
    _check(re.search(pattern, text, re.M), pattern, "is not in", text, comment)


def ksft_no_match(pattern, text, comment=""):
    """No line of the text has the pattern."""
    _check(not re.search(pattern, text, re.M), pattern, "is in", text, comment)


def note(*words):
    """Say something that is shown even if the case passes."""
    print("note:", *words)


def wait_until(seconds, condition, comment=""):
    """Poll until the condition, a function, returns something true.

    Return: that"""
    limit = seconds * PATIENCE
    last = time.monotonic() + limit
    while not (found := condition()):
        if time.monotonic() >= last:
            raise CheckFailed(f"not within {limit} s: {comment or 'a condition'}")
        time.sleep(0.2)
    return found


def defer(function, *args):
    """Have a function called when the case ends, however it ends; the last one first."""
    _deferred.append((function, args))


def run_deferred():
    """Call what was deferred. All of it is called, even if some fails.

    Yield: each exception, before the next call"""
    while _deferred:
        function, args = _deferred.pop()
        try:
            function(*args)
        except Exception as failure:
            yield failure
