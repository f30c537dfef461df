"""What it costs to know how a database is, tier by tier, here and on the server, beside what an exporter takes
for one scrape."""

import os
import shutil
import time
import urllib.request

import machine
from load import FLUSH
from report import at_least, at_most
from stage import eventually, free_port
from targets import MariaDB, Postgres
from vitals import Check, Vitals, name_of

# As many as other figures of a login have: what wakes a processor is a part of each run.
CHECKS = 100
# As many as leave the server, on the same machine, the time to answer.
MEASURING_CHECKS = 20
SCRAPES = 50
FIRST_SCRAPES = 20


class Engine:
    """A database, its kind of check, and the exporter that is made for it."""

    def __init__(self, name, kind, server, exporter, source, sign):
        self.name, self.kind, self.server = name, kind, server
        self.program = shutil.which(exporter)
        self.exporter = exporter.removeprefix("prometheus-").replace("-", "_")
        self.source, self.sign = source, sign

    @property
    def process(self):
        return self.server.process.pid


def postgres_vitals(bench, stage):
    server = Postgres(stage)
    server.ask("GRANT pg_monitor TO monitor")
    source = f"postgresql://monitor:monitor@127.0.0.1:{server.port}/postgres?sslmode=disable"
    yield from figures(
        bench,
        stage,
        Engine("PostgreSQL", "postgres", server, "prometheus-postgres-exporter", source, b"pg_up 1"),
    )


def mariadb_vitals(bench, stage):
    server = MariaDB(stage)
    server.ask("GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.* TO monitor")
    source = f"monitor:monitor@(127.0.0.1:{server.port})/"
    yield from figures(
        bench, stage, Engine("MariaDB", "mysql", server, "prometheus-mysqld-exporter", source, b"mysql_up 1")
    )


def figures(bench, stage, engine):
    known = known_vitals(bench, stage, engine)
    minute = [vital["name"] for vital in known if vital["every_seconds"] <= 60]
    every = [vital["name"] for vital in known]
    answers = measured(bench, stage, engine, "t0", [])
    quick = measured(bench, stage, engine, "t1", minute)
    whole = measured(bench, stage, engine, "all", every)
    later, first = scrapes(stage, engine), first_scrapes(stage, engine)
    beside = asked = f"{engine.exporter} is not there"
    if later:
        beside = f"{engine.exporter} {later[0]:.2f} a scrape"
        asked = f"{engine.exporter} {first:.2f} for the first scrape of a connection, {later[1]:.2f} for others"
    name = engine.name
    yield at_most(f"{name}, it answers: CPU ms a run", answers[0], 0.5, digits=3, beside=beside)
    yield at_most(f"{name}, and what is measured each minute: CPU ms a run", quick[0], 3, digits=2)
    yield at_most(f"{name}, and all that is measured: CPU ms a run", whole[0], digits=2)
    yield at_most(f"{name}, it answers: server CPU ms a run", answers[1], digits=2, beside=asked)
    yield at_most(f"{name}, and each minute: server CPU ms a run", quick[1], first, digits=2, beside=asked)
    yield at_most(f"{name}, and all: server CPU ms a run", whole[1], digits=2, beside=asked)
    yield at_least(f"{name}: vitals with a value", whole[2], digits=0)
    time.sleep(FLUSH)
    yield at_most(f"{name}, vitals: sessions left on the server", engine.server.sessions(), 0, digits=0)


def known_vitals(bench, stage, engine):
    vitals = Vitals(stage, bench.binary, [Check("a.a", engine.kind, engine.server.url)], folder="kinds")
    kinds = vitals.all("probe-kinds")
    vitals.stop()
    found = next(kind for kind in kinds if kind["kind"] == engine.kind)["known_vitals"]
    return [
        vital
        for vital in found
        if not vital["follows_from"] and not vital["name"].startswith(("pool_", "pooler_", "pgbouncer_"))
    ]


def measured(bench, stage, engine, folder, names):
    """CPU here and on the server in ms a run, and how many vitals have a value, if these are measured by
    every run."""
    settings, count = "", CHECKS
    if names:
        count = MEASURING_CHECKS
        listed = ", ".join(f"{{ name: {name}, every: 1s }}" for name in names)
        settings = f", vitals: [{listed}]"
    server = engine.server
    checks = [
        Check(name_of(index), engine.kind, server.url, 1.0, 0.9, settings) for index in range(count)
    ]
    start = server.mark()
    vitals = Vitals(stage, bench.binary, checks, folder=folder)
    eventually("logins", lambda: server.logins_since(start) > 2 * count)
    roots = machine.tree(engine.process)
    begin, used, there = server.mark(), vitals.cpu(), machine.cpu(roots)
    time.sleep(bench.seconds(8, 40))
    runs, used = server.logins_since(begin), vitals.cpu() - used
    # Sessions that ended count with the process that started them.
    there = machine.cpu(roots) - there
    time.sleep(FLUSH)
    latest = vitals.all("health-checks")[0]["vitals"]
    vitals.stop()
    return 1000 * used / runs, 1000 * there / runs, sum(vital["value"] is not None for vital in latest)


class Exporter:
    """The exporter, which has scraped once."""

    def __init__(self, stage, engine):
        self.stage = stage
        self.sign = engine.sign
        self.port = free_port()
        self.process = stage.start(
            [engine.program, f"--web.listen-address=127.0.0.1:{self.port}"],
            "exporter.log",
            {**os.environ, "DATA_SOURCE_NAME": engine.source},
        )
        eventually("the exporter", self.scrape)

    def scrape(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
                return self.sign in answer.read()
        except OSError:
            return False

    def end(self):
        self.stage.end(self.process)


def scrapes(stage, engine):
    """CPU in ms a scrape, of the exporter and of the server, once it is connected; nothing where it is not
    installed."""
    if not engine.program:
        return None
    exporter = Exporter(stage, engine)
    roots = machine.tree(engine.process)
    used, there = machine.cpu([exporter.process.pid]), machine.cpu(roots)
    for _ in range(SCRAPES):
        exporter.scrape()
    used, there = machine.cpu([exporter.process.pid]) - used, machine.cpu(roots) - there
    exporter.end()
    return 1000 * used / SCRAPES, 1000 * there / SCRAPES


def first_scrapes(stage, engine):
    """CPU of the server in ms for a scrape that has to connect, as every run of ours has to."""
    if not engine.program:
        return None
    time.sleep(FLUSH)
    roots = machine.tree(engine.process)
    there = machine.cpu(roots)
    for _ in range(FIRST_SCRAPES):
        Exporter(stage, engine).end()
    eventually("the end of its sessions", lambda: len(machine.tree(engine.process)) <= len(roots))
    return 1000 * (machine.cpu(roots) - there) / FIRST_SCRAPES
