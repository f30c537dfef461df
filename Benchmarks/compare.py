#!/usr/bin/env python3
"""Measures two revisions by turns: `compare.py BASE [--rounds N]`, BASE against the build that stands."""

import argparse
import os
import statistics
import subprocess

import machine
from bench import Bench
from figures.disk import disk
from figures.loads import loaded
from figures.probes import https, postgres
from load import Load
from report import NOISY
from run import RELEASE, ROOT, compile_floor, prepare
from stage import Stage

# Kept between runs, so that only the first build of a base is a long one.
SCRATCH = os.path.join(ROOT, ".build", "bench-base")

FIGURES = [loaded(Load(1_000, interval=1.0)), disk, postgres, https]
COMPARED = [
    "CPU s per 1,000 runs",
    "RSS",
    "late, p99",
    "bytes a passing run",
    "PostgreSQL, SCRAM: CPU ms a run",
    "HTTPS: CPU ms a run",
]


def options():
    parser = argparse.ArgumentParser(description="Compares a revision with the build that stands, by turns.")
    parser.add_argument("base", help="a revision, such as HEAD~3")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default: 5)")
    parser.add_argument(
        "--binary", default=RELEASE, help="what is compared with it (default: the release build)"
    )
    return parser.parse_args()


def build(revision):
    """Builds a revision in a working tree of its own; returns the binary's path."""
    tree = os.path.join(SCRATCH, "tree")
    git = ["git", "-C", ROOT]
    subprocess.run([*git, "worktree", "prune"], check=True)
    commit = subprocess.run(
        [*git, "rev-parse", "--verify", f"{revision}^{{commit}}"], check=True, capture_output=True, text=True
    ).stdout.strip()
    if os.path.isdir(tree):
        subprocess.run(["git", "-C", tree, "checkout", "--quiet", "--detach", commit], check=True)
    else:
        subprocess.run([*git, "worktree", "add", "--quiet", "--detach", tree, commit], check=True)
    products = os.path.join(SCRATCH, "build")
    subprocess.run(
        [
            "swift",
            "build",
            "--configuration",
            "release",
            "--static-swift-stdlib",
            "--product",
            "vitals",
            "--package-path",
            tree,
            "--scratch-path",
            products,
        ],
        check=True,
    )
    return os.path.join(products, "release", "vitals")


def measure(binary, floor):
    """What is compared, of one binary, by name."""
    found = {}
    for figure in FIGURES:
        with Stage() as stage:
            found |= {row.what: row.amount for row in figure(Bench(binary, floor, full=False), stage)}
    return {name: found[name] for name in COMPARED}


def show(base, now):
    print(f"\n{'':<34} {'base':>9} {'spread':>17} {'now':>9} {'spread':>17} {'change':>8}")
    for name in COMPARED:
        before, after = [each[name] for each in base], [each[name] for each in now]
        middle, middle_now = statistics.median(before), statistics.median(after)
        change = 100 * (middle_now / middle - 1)
        spreads = [f"{min(each):.3f} to {max(each):.3f}" for each in (before, after)]
        # Where the spreads overlap, a difference may be chance.
        apart = max(before) < min(after) or max(after) < min(before)
        print(
            f"{name:<34} {middle:9.3f} {spreads[0]:>17} {middle_now:9.3f} {spreads[1]:>17} {change:+7.1f} %"
            + ("" if apart else "  (spreads overlap)")
        )


def main():
    chosen = options()
    prepare()
    floor, binaries = compile_floor(), (build(chosen.base), os.path.abspath(chosen.binary))
    results = ([], [])
    for number in range(chosen.rounds):
        for result, binary, name in zip(results, binaries, ("base", "now"), strict=True):
            others = machine.Others()
            result.append(measure(binary, floor))
            busy = others.cores()
            noise = f", others: {busy:.2f} cores" if busy > NOISY else ""
            print(f"round {number + 1} of {chosen.rounds}, {name}{noise}", flush=True)
    show(*results)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("stopped") from None
