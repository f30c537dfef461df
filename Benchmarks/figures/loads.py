"""HTTP checks by the thousand: on time, at what cost, while targets or the webhook hang."""

import threading
import time

from load import Load, LoadedServer, floor_beside
from report import at_least, at_most
from slots import busiest_second, punctuality, quantile

# CPU seconds per 1,000 runs, by the number of checks every 10 s.
CPU_TARGETS = {1_000: 0.28, 5_000: 0.25, 10_000: 0.25}
CPU_TARGET_HANGING = 0.30
LATENESS_TARGET = 20
MEMORY_TARGETS = {10_000: 150}


def cpu_target(load):
    if load.hanging:
        return CPU_TARGET_HANGING
    return CPU_TARGETS.get(load.checks) if load.interval >= 10 and not load.webhook else None


def rows_of(bench, stage, server, measured):
    load, healthy = server.load, measured.healthy
    rate = round(load.checks / load.interval)
    floor = floor_beside(stage, bench.floor, server.nginx, rate)
    yield at_least("slots run", healthy.share, 100, "%", 2, f"{healthy.due:,} due")
    if server.hung:
        yield at_least(
            "slots run, hanging targets", measured.hung.share, 95, "%", 2, f"{measured.hung.due:,} due"
        )
    yield at_most("late, p50", healthy.late(0.5), unit="ms", digits=1)
    yield at_most("late, p99", healthy.late(0.99), LATENESS_TARGET, "ms", 1)
    yield at_most("late, at most", healthy.late(1), unit="ms", digits=1)
    yield at_most(
        "CPU s per 1,000 runs",
        measured.cpu_per_1000,
        cpu_target(load),
        digits=3,
        beside=floor,
    )
    yield at_least("connections a run", measured.connections_a_run, 1)
    yield at_most("RSS", measured.peak_memory, MEMORY_TARGETS.get(load.checks), "MB", 0)
    if load.webhook:
        # Otherwise nothing hung, and the figure would say nothing.
        yield at_least("attempts at the hanging webhook", measured.attempts, 1, digits=0)


def loaded(load):
    """The figure of one load."""

    def figure(bench, stage):
        server = LoadedServer(stage, bench.binary, load)
        server.warm_up()
        measured = server.measure(bench.seconds(2 * load.interval if load.interval > 1 else 10, 60))
        yield from rows_of(bench, stage, server, measured)
        yield at_most("runs seen but not stored", server.stop(), 0, digits=0)

    return figure


def ten_thousand(bench, stage):
    """The largest load, and what else is asked for while it goes on."""
    load = Load(10_000)
    server = LoadedServer(stage, bench.binary, load)
    server.warm_up()
    yield from first_runs(server)
    yield from rows_of(bench, stage, server, server.measure(bench.seconds(20, 60)))
    yield from answers(bench, server)
    yield from restart(server)
    yield at_most("runs seen but not stored", server.stop(), 0, digits=0)


def first_runs(server):
    """How the checks run for the first time after a start with an empty store."""
    load, started = server.load, server.vitals.started
    first = {}
    for hit in server.hits():
        first[hit.name] = min(hit.time, first.get(hit.name, hit.time))
    last = max(first.values()) - started
    burst = busiest_second(hit.time for hit in server.hits() if hit.time < started + last)
    yield at_most("every check has run, after the start", last, load.interval, "s", 1)
    yield at_most("busiest second at the start", burst, 2 * load.checks / load.interval, "runs", 0)


def answers(bench, server):
    """How long answers take under the load."""
    count = 1000 if bench.full else 300
    for path, times, limit in (
        ("/health", count, 5),
        ("/api/v1/health-checks", 100, 100),
        ("/api/v1/health-checks?limit=1000", 30, 100),
        ("/api/v1/systems?limit=1000", 30, 100),
        ("/api/v1/health-checks/s0001.c1/runs", 100, 100),
        ("/metrics", 20, None),
    ):
        taken, size = server.vitals.latencies(path, times, pause=0.015)
        beside = f"p50 {quantile(taken, 0.5):.1f}, at most {max(taken):.1f}; {size / 1000:,.1f} kB"
        yield at_most(f"GET {path}, p99", quantile(taken, 0.99), limit, "ms", 1, beside)
    taken = beside_scrapes(server.vitals, count)
    beside = f"p50 {quantile(taken, 0.5):.1f}, at most {max(taken):.1f}"
    yield at_most("GET /health beside scrapes without end, p99", quantile(taken, 0.99), 5, "ms", 1, beside)


def beside_scrapes(vitals, count):
    """Milliseconds of `/health` while somebody scrapes /metrics, again and again."""
    over = threading.Event()

    def scrape():
        while not over.is_set():
            vitals.latencies("/metrics", 1, pause=0)

    scraper = threading.Thread(target=scrape)
    scraper.start()
    try:
        taken, _ = vitals.latencies("/health", count, pause=0.015)
    finally:
        over.set()
        scraper.join()
    return taken


def restart(server):
    """Stopped and started again, which is how a changed configuration is taken up."""
    vitals = server.vitals
    asked = time.time()
    took = vitals.stop()
    vitals.start(wait=False)
    server.wait_for_all(since=vitals.started)
    server.vitals.wait()
    time.sleep(1)
    hits = [hit for hit in server.hits() if hit.time >= vitals.started]
    first = min(hit.time for hit in hits)
    seen = {}
    for hit in hits:
        seen[hit.name] = min(hit.time, seen.get(hit.name, hit.time))
    end = max(seen.values())
    missed = punctuality(server.hits(), server.healthy, asked, first)
    after = punctuality(server.hits(), server.healthy, first, end)
    yield at_most("restart: it takes to stop", took, unit="s")
    yield at_most("restart: from SIGTERM to the first run", first - asked, unit="s")
    yield at_most("restart: from start to every check run", end - vitals.started, unit="s")
    yield at_most(
        "restart: slots missed meanwhile",
        missed.due - missed.run,
        unit="",
        digits=0,
        beside=f"{missed.due:,} due",
    )
    yield at_least("restart: slots run after it", after.share, 100, "%", 2)
