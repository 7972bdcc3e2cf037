#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""How cases are judged, as TAP. Needs no test bed, but a scratch directory, BED_RUN."""

import contextlib
import io
import os
import sys
import time

import run
from lib import Case, CommandFailed, defer, ksft_eq, ksft_in, ksft_match, note, wait_until
from lib.cases import Runner
from lib.settings import DIR

FINAL = os.path.join(DIR, "failed")
# Linux has no process of that number.
ENDED = 2**22 + 1


class Outcome:
    """What becomes of a case, on a bed that is one process."""

    def __init__(self, function, limit=10, process=os.getpid()):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(FINAL)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.passed = Runner([process]).run(Case(limit, "a case", function))
        self.out = out.getvalue()
        # If it is, there is no other attempt.
        self.is_final = os.path.exists(FINAL)


def fail():
    """A case that fails."""
    ksft_eq("this", "that", "some words")


def passing():
    """Only notes of a case that passes are shown."""
    def case():
        print("something")
        note("a number:", 7)

    outcome = Outcome(case)
    ksft_eq(outcome.passed, True)
    ksft_match(r"^# a number: 7\nok 1 - a case # \d s$", outcome.out)
    ksft_eq("something" in outcome.out, False)


def failing():
    """What a case printed, and why it failed, is shown."""
    def case():
        print("something")
        fail()

    outcome = Outcome(case)
    ksft_eq(outcome.passed, False)
    ksft_in("# something\n", outcome.out)
    ksft_in("# CheckFailed: some words: 'this' is not 'that'\n", outcome.out)
    ksft_match(r"^# tests.py:\d+: fail\(\)", outcome.out)
    ksft_match("^not ok 1 - a case", outcome.out)
    ksft_eq(outcome.is_final, True)


def deferred():
    """Deferred functions run in reverse order, all of them, also after a failure."""
    def case():
        defer(print, "this is last")
        defer(fail)
        defer(print, "this is first")
        raise CommandFailed("a command")

    outcome = Outcome(case)
    ksft_match("(?s)a command.*this is first.*some words.*this is last", outcome.out)


def failing_at_the_end():
    """A deferred function that fails, fails the case."""
    ksft_eq(Outcome(lambda: defer(fail)).passed, False)


def slow():
    """A case has its limit of time."""
    outcome = Outcome(lambda: time.sleep(60), limit=0.3)
    ksft_eq(outcome.passed, False)
    ksft_match("^# took more than", outcome.out)


def waiting():
    """`wait_until` has a limit, too, and says for what it waited."""
    outcome = Outcome(lambda: wait_until(0.3, lambda: False, "the sun rises"))
    ksft_match("^# CheckFailed: not within .* s: the sun rises$", outcome.out)


def lost():
    """A failure that may be the emulation's is not final."""
    for said in ("Guest agent is not responding",
                 "Guest agent disappeared while executing command"):
        def case(text=said):
            raise CommandFailed("error: " + text)

        ksft_eq(Outcome(case).is_final, False)
    ksft_eq(Outcome(fail, process=ENDED).is_final, False)


def run_subjects(*subjects, process=os.getpid()):
    """Return: the status, and what was printed"""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = run.run_all(Runner([process]), subjects)
    return status, out.getvalue()


def passed_before():
    """After a loss, subjects that have passed do not run again, but what VLANs need does."""
    os.environ["VM_PASSED"] = os.path.join(DIR, "passed")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.environ["VM_PASSED"])
    good = Case(10, "good", lambda: None)
    bad = Case(10, "bad", fail)
    ksft_eq(run_subjects(("start", [good]), ("bulk", [good]), ("death", [good]))[0], 0)
    ksft_eq(run_subjects(("plug", [good]), process=ENDED)[0], 2)
    status, out = run_subjects(("start", [good]), ("bulk", [bad]), ("plug", [good]))
    ksft_eq(status, 0)
    ksft_in("ok 2 - bad # passed before a machine was lost", out)
    ksft_match("^ok 3 - good # \\d s$", out)
    ksft_eq(run_subjects(("start", [good]), ("death", [bad]))[0], 1)
    ksft_eq(run_subjects(("start", [bad]), ("bulk", [good]))[0], 1)


TESTS = (passing, failing, deferred, failing_at_the_end, slow, waiting, lost,
         passed_before)


def main():
    """Return: the status of the process"""
    os.makedirs(DIR, exist_ok=True)
    failed = 0
    print(f"1..{len(TESTS)}")
    for number, test in enumerate(TESTS, 1):
        try:
            test()
            verdict = "ok"
        except AssertionError as failure:
            print("#", repr(failure))
            failed += 1
            verdict = "not ok"
        print(f"{verdict} {number} - {test.__doc__}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
