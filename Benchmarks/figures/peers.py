"""Others at the same work: 1,000 HTTP checks every 10 s against the same nginx."""

import time

import machine
from load import FLUSH, floor_beside
from peers import INTERVAL
from report import at_most
from slots import quantile
from stage import eventually
from targets import Nginx
from vitals import name_of

CHECKS = 1_000


def peer(start):
    """The figure of one peer. It has no targets: it is what ours are seen beside."""

    def figure(bench, stage):
        nginx = Nginx(stage, CHECKS)
        targets = [
            (*nginx.url(index).removeprefix("http://").split(":"), name_of(index)) for index in range(CHECKS)
        ]
        roots = [process.pid for process in start(stage, targets)]
        # Some take minutes; what has begun by then is measured.
        eventually("a first request", nginx.hits, within=60, every=0.5)
        waiting = time.monotonic() + (180 if bench.full else 30)
        while len({hit.name for hit in nginx.hits()}) < CHECKS and time.monotonic() < waiting:
            time.sleep(0.5)
        begin, used, peak = time.time(), machine.cpu(machine.tree(*roots)), 0.0
        while time.time() < begin + bench.seconds(20, 60):
            time.sleep(0.5)
            peak = max(peak, machine.memory(machine.tree(*roots)))
        end, used = time.time(), machine.cpu(machine.tree(*roots)) - used
        time.sleep(FLUSH)
        hits = [hit for hit in nginx.hits() if begin <= hit.time < end]
        due = CHECKS * (end - begin) / INTERVAL
        yield at_most("checks run of those due", min(100, 100 * len(hits) / due), unit="%")
        yield at_most(
            "away from the interval, p99", 1000 * quantile(deviations(hits), 0.99), unit="ms", digits=0
        )
        yield at_most(
            "CPU s per 1,000 runs",
            1000 * used / max(1, len(hits)),
            digits=3,
            beside=floor_beside(stage, bench.floor, nginx, round(CHECKS / INTERVAL)),
        )
        yield at_most("RSS", peak, unit="MB", digits=0)

    return figure


def deviations(hits):
    """How far from the interval each request came after the one before it: nobody knows when it was due."""
    last, found = {}, []
    for hit in sorted(hits, key=lambda hit: hit.time):
        if hit.name in last:
            found.append(abs(hit.time - last[hit.name] - INTERVAL))
        last[hit.name] = hit.time
    return found
