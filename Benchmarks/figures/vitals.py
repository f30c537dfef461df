"""What it costs to know how a PostgreSQL server is, tier by tier, here and on the server, beside what an
exporter takes for one scrape."""

import os
import shutil
import time
import urllib.request

import machine
from load import FLUSH
from report import at_least, at_most
from stage import eventually, free_port
from targets import Postgres
from vitals import Check, Vitals, name_of

CHECKS = 20
EXPORTER = "prometheus-postgres-exporter"
SCRAPES = 50


def postgres_vitals(bench, stage):
    server = Postgres(stage)
    server.ask("GRANT pg_monitor TO monitor")
    known = known_vitals(bench, stage, server)
    minute = [vital["name"] for vital in known if vital["every_seconds"] <= 60]
    every = [vital["name"] for vital in known]
    answers = measured(bench, stage, server, "t0", [])
    quick = measured(bench, stage, server, "t1", minute)
    whole = measured(bench, stage, server, "all", every)
    exporter, scraped = scrapes(stage, server)
    beside = f"one scrape of postgres_exporter {exporter:.2f}" if exporter else "postgres_exporter is not there"
    asked = f"one scrape of postgres_exporter {scraped:.2f}" if scraped else "postgres_exporter is not there"
    yield at_most("PostgreSQL, it answers: CPU ms a run", answers[0], 0.5, digits=3, beside=beside)
    yield at_most("PostgreSQL, and what is measured each minute: CPU ms a run", quick[0], 3, digits=2)
    yield at_most("PostgreSQL, and all that is measured: CPU ms a run", whole[0], digits=2)
    yield at_most("PostgreSQL, it answers: server CPU ms a run", answers[1], digits=2, beside=asked)
    yield at_most(
        "PostgreSQL, and each minute: server CPU ms a run", quick[1], scraped or None, digits=2, beside=asked
    )
    yield at_most(
        "PostgreSQL, and all: server CPU ms a run", whole[1], scraped or None, digits=2, beside=asked
    )
    yield at_least("PostgreSQL: vitals with a value", whole[2], digits=0)
    time.sleep(FLUSH)
    yield at_most("PostgreSQL, vitals: sessions left on the server", server.sessions(), 0, digits=0)


def known_vitals(bench, stage, server):
    vitals = Vitals(stage, bench.binary, [Check("a.a", "postgres", server.url)], folder="kinds")
    kinds = vitals.all("probe-kinds")
    vitals.stop()
    found = next(kind for kind in kinds if kind["kind"] == "postgres")["known_vitals"]
    return [
        vital
        for vital in found
        if not vital["follows_from"] and not vital["name"].startswith(("pool_", "pooler_", "pgbouncer_"))
    ]


def measured(bench, stage, server, folder, names):
    """CPU here and on the server in ms a run, and how many vitals have a value, if these are measured by
    every run."""
    settings = ""
    if names:
        listed = ", ".join(f"{{ name: {name}, every: 1s }}" for name in names)
        settings = f", vitals: [{listed}]"
    checks = [Check(name_of(index), "postgres", server.url, 1.0, 0.9, settings) for index in range(CHECKS)]
    start = time.time()
    vitals = Vitals(stage, bench.binary, checks, folder=folder)
    eventually("logins", lambda: server.logins(start, time.time()) > 2 * CHECKS)
    roots = machine.tree(server.process.pid)
    begin, used, there = time.time(), vitals.cpu(), machine.cpu(roots)
    time.sleep(bench.seconds(8, 40))
    end, used = time.time(), vitals.cpu() - used
    # Sessions that ended count with the process that started them.
    there = machine.cpu(roots) - there
    time.sleep(FLUSH)
    runs = server.logins(begin, end)
    latest = vitals.all("health-checks")[0]["vitals"]
    vitals.stop()
    return 1000 * used / runs, 1000 * there / runs, sum(vital["value"] is not None for vital in latest)


def scrapes(stage, server):
    """CPU in ms a scrape, of the exporter and of the server; nothing where it is not installed."""
    program = shutil.which(EXPORTER)
    if not program:
        return None, None
    port = free_port()
    name = f"postgresql://monitor:monitor@127.0.0.1:{server.port}/postgres?sslmode=disable"
    process = stage.start(
        [program, f"--web.listen-address=127.0.0.1:{port}"],
        "exporter.log",
        {**os.environ, "DATA_SOURCE_NAME": name},
    )

    def scrape():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            return b"pg_up 1" in answer.read()

    def is_up():
        try:
            return scrape()
        except OSError:
            return False

    eventually("the exporter", is_up)
    roots = machine.tree(server.process.pid)
    used, there = machine.cpu([process.pid]), machine.cpu(roots)
    for _ in range(SCRAPES):
        scrape()
    used, there = machine.cpu([process.pid]) - used, machine.cpu(roots) - there
    return 1000 * used / SCRAPES, 1000 * there / SCRAPES
