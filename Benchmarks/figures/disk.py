"""Bytes a stored run: the growth of the closed store over the runs that the target saw."""

import time

from load import FLUSH
from report import at_most
from targets import Nginx
from vitals import Check, Vitals, name_of

CHECKS = 1_000
INTERVAL = 0.5


def disk(bench, stage):
    nginx = Nginx(stage, CHECKS)
    checks = [
        Check(name_of(index), "http", f"{nginx.url(index)}/{name_of(index)}", INTERVAL, INTERVAL)
        for index in range(CHECKS)
    ]
    vitals = Vitals(stage, bench.binary, checks)
    # What is there once goes first: tables, names, and the first pages of every check.
    time.sleep(5)
    before, seen_before = stopped(vitals, nginx)
    vitals.start()
    time.sleep(bench.seconds(15, 60))
    after, seen_after = stopped(vitals, nginx)
    runs = seen_after - seen_before
    yield at_most(
        "bytes a passing run",
        (after - before) / runs,
        40,
        "B",
        1,
        f"{runs:,} runs of {CHECKS:,} checks; Gatus 129 to 167, measured earlier",
    )


def stopped(vitals, nginx):
    vitals.stop()
    time.sleep(FLUSH)
    return vitals.size(), len(nginx.hits())
