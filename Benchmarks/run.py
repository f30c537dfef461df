#!/usr/bin/env python3
"""Measures Vitals: `run.py [--full] [--only PART] [--binary PATH]`. How to read it is in README.md."""

import argparse
import datetime
import os
import resource
import signal
import subprocess
import sys
import time

import machine
import report
from bench import Bench
from figures.detection import detection
from figures.disk import disk
from figures.idle import idle
from figures.kinds import dns, heartbeats, icmp, tls, websocket
from figures.limit import limit
from figures.loads import loaded, ten_thousand
from figures.peers import peer
from figures.probes import conditions, https, mysql, postgres, redis, redis_load, sqlserver
from figures.services import services
from figures.vitals import mariadb_vitals, postgres_vitals
from load import Load
from peers import icinga, nagios, prometheus
from stage import Stage

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SCRATCH = os.path.join(ROOT, ".build", "bench")
RELEASE = os.path.join(ROOT, ".build", "release", "vitals")

# Each with whether it belongs to the quick ones.
FIGURES = [
    ("idle", True, idle),
    ("1,000 checks at 10 s", True, loaded(Load(1_000))),
    ("1,000 checks at 10 s by Prometheus with blackbox_exporter", True, peer(prometheus)),
    ("1,000 checks at 10 s by Icinga 2", False, peer(icinga)),
    ("1,000 checks at 10 s by Nagios", False, peer(nagios)),
    ("5,000 checks at 10 s", True, loaded(Load(5_000))),
    ("10,000 checks at 10 s", True, ten_thousand),
    ("1,000 checks at 10 s, a fifth hanging", True, loaded(Load(1_000, hanging=20))),
    ("5,000 checks at 10 s, a fifth hanging", False, loaded(Load(5_000, hanging=20))),
    ("10,000 checks at 10 s, a fifth hanging", True, loaded(Load(10_000, hanging=20))),
    ("1,000 checks at 10 s, the webhook hanging", False, loaded(Load(1_000, webhook=True))),
    ("5,000 checks at 10 s, the webhook hanging", False, loaded(Load(5_000, webhook=True))),
    ("10,000 checks at 10 s, the webhook hanging", True, loaded(Load(10_000, webhook=True))),
    ("1,000 checks at 1 s, a fifth hanging", True, loaded(Load(1_000, 1.0, hanging=20))),
    ("1,000 checks at 1 s, the webhook hanging", True, loaded(Load(1_000, 1.0, webhook=True))),
    ("limit", True, limit),
    ("disk", True, disk),
    ("PostgreSQL", True, postgres),
    ("vitals of PostgreSQL", True, postgres_vitals),
    ("vitals of MariaDB", True, mariadb_vitals),
    ("MySQL", True, mysql),
    ("SQL Server", True, sqlserver),
    ("Redis", True, redis),
    ("2,000 Redis checks at 1 s", False, redis_load),
    ("HTTPS", True, https),
    ("conditions", True, conditions),
    ("heartbeats", True, heartbeats),
    ("DNS", True, dns),
    ("TLS", True, tls),
    ("ICMP", True, icmp),
    ("D1, Convex and S3", True, services),
    ("WebSocket", True, websocket),
    ("death told", True, detection),
]


def options():
    parser = argparse.ArgumentParser(description="Measures Vitals against the figures that it is to reach.")
    parser.add_argument("--full", action="store_true", help="longer, with every peer, and writes RESULTS.md")
    parser.add_argument("--only", metavar="PART", action="append", help="figures with this in their name")
    parser.add_argument("--binary", default=RELEASE, help="default: the release build")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="measure no figure for longer (default: no limit)"
    )
    return parser.parse_args()


def prepare():
    """Lets ^C and a polite end clean up, and thousands of sockets be open."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def compile_floor():
    os.makedirs(SCRATCH, exist_ok=True)
    floor = os.path.join(SCRATCH, "floor")
    include = subprocess.run(
        ["pg_config", "--includedir"], capture_output=True, text=True, check=True
    ).stdout.strip()
    subprocess.run(
        ["gcc", "-O2", f"-I{include}", os.path.join(HERE, "floor.c"), "-lpq", "-o", floor], check=True
    )
    return floor


def measure(name, figure, bench):
    """One figure's rows, shown as soon as all of them are there."""
    print(f"\n{name}", flush=True)
    others = machine.Others()
    try:
        with Stage() as stage:
            rows = list(figure(bench, stage))
            busy = others.cores()
    except (RuntimeError, TimeoutError, OSError) as error:
        rows = [report.failed(str(error).replace("\n", " ")[:300])]
        busy = others.cores()
    for row in rows:
        row.group, row.others = name, busy
        report.show(row)
    return rows


def header(began):
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True).stdout.strip()

    changes = " and changes" if git("status", "--porcelain") else ""
    date = datetime.datetime.fromtimestamp(began, datetime.UTC)
    return [
        ("machine", machine.description()),
        ("date", f"{date:%Y-%m-%d %H:%M} UTC"),
        ("revision", git("rev-parse", "--short=12", "HEAD") + changes),
        ("load average at the end", machine.load_average()),
        ("took", f"{(time.time() - began) / 60:.0f} minutes"),
    ]


def main():
    chosen = options()
    prepare()
    bench = Bench(os.path.abspath(chosen.binary), compile_floor(), chosen.full, chosen.seconds)
    began, rows = time.time(), []
    for name, is_quick, figure in FIGURES:
        wanted = (
            any(part.lower() in name.lower() for part in chosen.only)
            if chosen.only
            else is_quick or chosen.full
        )
        if wanted:
            rows += measure(name, figure, bench)
    facts = header(began)
    print()
    for key, value in facts:
        print(f"{key}: {value}")
    if chosen.full and not chosen.only:
        with open(os.path.join(HERE, "RESULTS.md"), "w", encoding="utf-8") as file:
            file.write(report.page(rows, facts))
    for key in report.without_reason(rows):
        print(f"missed without a reason in reasons.toml: {key}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped")
