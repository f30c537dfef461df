"""Many HTTP checks at once, as several figures want them."""

import math
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass

from slots import Punctuality, punctuality
from stage import eventually
from targets import Listener, Nginx
from vitals import Check, Vitals, name_of

# Seconds after which what a target saw stands in its log.
FLUSH = 0.5
FLAPPING = 5


@dataclass(frozen=True)
class Load:
    """`hanging` is a share in percent. With `webhook` the channel hangs and FLAPPING percent flap."""

    checks: int
    interval: float = 10.0
    hanging: int = 0
    webhook: bool = False


@dataclass
class Measured:
    healthy: Punctuality
    hung: Punctuality
    connections_a_run: float
    cpu_per_1000: float
    peak_memory: float
    attempts: int


class LoadedServer:
    """Vitals under a load, with the targets that go with it."""

    def __init__(self, stage, binary, load):
        self.stage = stage
        self.load = load
        self.nginx = Nginx(stage, load.checks)
        self.hanging = Listener(stage, "hang", load.checks * load.hanging // 100 or 1).wait()
        self.hook = Listener(stage, "hang", name="hook").wait() if load.webhook else None
        self.healthy, self.hung, self.flapping = [], [], []
        for index in range(load.checks):
            self._add(index)
        checks = sorted(self.healthy + self.hung + self.flapping, key=lambda check: check.name)
        webhook = self.hook.url() + "/hook" if self.hook else None
        self.vitals = Vitals(stage, binary, checks, webhook)
        self.flapped_at = 0.0
        self.is_down = False

    def _add(self, index):
        load, name = self.load, name_of(index)
        timing = {"interval": load.interval, "timeout": load.interval / 2}
        if load.hanging and index % (100 // load.hanging) == 0:
            url = self.hanging.url(len(self.hung))
            self.hung.append(Check(name, "http", f"{url}/{name}", **timing))
        elif load.webhook and index % (100 // FLAPPING) == 1:
            settings = ", thresholds: { failure: 1, success: 1 }"
            self.flapping.append(
                Check(name, "http", f"{self.nginx.url(index)}/flap/{name}", **timing, settings=settings)
            )
        else:
            self.healthy.append(Check(name, "http", f"{self.nginx.url(index)}/{name}", **timing))

    def hits(self):
        return self.nginx.hits() + self.hanging.hits()

    def warm_up(self):
        """Waits until every check has run, and those that hang have settled as unhealthy."""
        self.wait_for_all(since=0)
        if self.hung:
            eventually(
                "hanging targets unhealthy", self._hung_is_settled, within=6 * self.load.interval, every=1
            )
        time.sleep(min(3.0, self.load.interval))

    def wait_for_all(self, since, within=60):
        def names():
            return {hit.name for hit in self.hits() if hit.time >= since}

        eventually("every check run", lambda: len(names()) >= self.load.checks, within=within, every=0.5)

    def _hung_is_settled(self):
        last = max(self.hung, key=lambda check: check.name)
        return b'"state":"unhealthy"' in self.vitals.get(f"/api/v1/health-checks/{last.name}")[1]

    def measure(self, seconds):
        """What the server does with the load for so long."""
        begin, used = time.time(), self.vitals.cpu()
        while time.time() < begin + seconds:
            if self.flapping and time.time() >= self.flapped_at + self.load.interval:
                self.is_down = not self.is_down
                self.nginx.flap(self.is_down)
                self.flapped_at = time.time()
            time.sleep(0.1)
        end, used = time.time(), self.vitals.cpu() - used
        # A slot of the end may be run a little later; what hangs may wait for the run before it.
        time.sleep(max(FLUSH, 0.2 * self.load.interval))
        hits = self.hits()
        within = [hit for hit in hits if begin <= hit.time < end]
        answered = [hit.connection for hit in within if hit.connection]
        return Measured(
            punctuality(hits, self.healthy, begin, end),
            punctuality(hits, self.hung, begin, end),
            len(set(answered)) / len(answered) if answered else math.nan,
            1000 * used / len(within) if within else math.nan,
            self.vitals.peak_memory(),
            len(self.hook.hits()) if self.hook else 0,
        )

    def stop(self):
        """Ends the server; returns how many of the runs that targets saw are not in its store."""
        self.vitals.stop()
        time.sleep(FLUSH)
        with closing(sqlite3.connect(f"file:{self.stage.path('data/vitals.db')}?mode=ro", uri=True)) as store:
            stored = store.execute("SELECT count(*) FROM run").fetchone()[0]
        return max(0, len(self.hits()) - stored)


def floor_beside(stage, floor, nginx, rate):
    """CPU seconds per 1,000 of connect, GET and close in C, against the same nginx: as fast as it goes, and at
    so many a second, between which the processors sleep as they do under a monitor."""
    hot, paced = (floor_cost(stage, floor, nginx, 5000, 0), floor_cost(stage, floor, nginx, 8 * rate, rate))
    return f"floor in C: {hot:.3f}, at {rate:,} a second {paced:.3f}"


def floor_cost(stage, floor, nginx, count, rate):
    used, _ = stage.cost([stage.bring(floor), "http", nginx.addresses[0], str(nginx.port), str(count), str(rate)])
    return 1000 * used / count
