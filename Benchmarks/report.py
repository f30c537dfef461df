"""The table: on the terminal as it grows, and as a page."""

import math
import os
import tomllib
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
NOISY = 0.10


@dataclass
class Row:
    """One figure: what was measured, what is wanted of it, and what stands beside it."""

    what: str
    amount: float | None
    value: str
    target: str = ""
    met: bool | None = None
    beside: str = ""
    # Filled in by the program: the group of figures, and the cores that others kept busy meanwhile.
    group: str = ""
    others: float = 0.0

    @property
    def key(self):
        return f"{self.group}: {self.what}"

    @property
    def verdict(self):
        return {None: "", True: "met", False: "**missed**"}[self.met]

    @property
    def noise(self):
        return f"{self.others:.2f} cores" if self.others > NOISY else ""


def number(value, unit="", digits=2):
    if math.isnan(value):
        return "nothing seen"
    return f"{value:,.{digits}f}" + (f" {unit}" if unit else "")


def at_most(what, value, limit=None, unit="", digits=2, beside=""):
    """A figure that should be small; without a limit one that nothing is asked of."""
    target = "" if limit is None else f"≤ {number(limit, unit, digits)}"
    # A target is met by what is shown: no more digits count than the table has.
    met = None if limit is None else round(value, digits) <= limit
    return Row(what, value, number(value, unit, digits), target, met, beside)


def at_least(what, value, limit=None, unit="", digits=2, beside=""):
    """A figure that should be large; likewise."""
    target = "" if limit is None else f"≥ {number(limit, unit, digits)}"
    met = None if limit is None else value >= limit
    return Row(what, value, number(value, unit, digits), target, met, beside)


def failed(reason):
    """In place of a figure that could not be measured."""
    return Row("measured", None, "no", "yes", False, reason)


def show(row):
    """A line for the terminal."""
    verdict = row.verdict.strip("*").upper() if row.met is False else row.verdict
    line = f"  {row.what:<46} {row.value:>16}  {row.target:<16} {verdict:<7} {row.beside}"
    print(line.rstrip() + (f"  [others: {row.noise}]" if row.noise else ""), flush=True)


def reasons():
    with open(os.path.join(HERE, "reasons.toml"), "rb") as file:
        return tomllib.load(file)


def without_reason(rows):
    known = reasons()
    return [row.key for row in rows if row.met is False and row.key not in known]


def page(rows, header):
    """The table as Markdown."""
    lines = [
        "# Figures",
        "",
        "Written by `make bench-full`; how to read it is in [README.md](README.md).",
        "",
    ]
    lines += [f"- {name}: {value}" for name, value in header]
    met = sum(row.met is True for row in rows)
    judged = sum(row.met is not None for row in rows)
    lines += [f"- Targets met: {met} of {judged}", ""]
    group = None
    for row in rows:
        if row.group != group:
            group = row.group
            lines += [
                "",
                f"## {group}",
                "",
                "| figure | measured | target | | beside | others |",
                "|---|---|---|---|---|---|",
            ]
        cells = [row.what, row.value, row.target, row.verdict, row.beside, row.noise]
        lines.append("| " + " | ".join(cells) + " |")
    missed = [row for row in rows if row.met is False]
    if missed:
        lines += [
            "",
            "## What is missed, why, and what comes next",
            "",
            "| figure | why | next step |",
            "|---|---|---|",
        ]
        known = reasons()
        for row in missed:
            reason = known.get(row.key, {"why": "not yet known", "next": "profile it"})
            lines.append(f"| {row.key} | {reason['why']} | {reason['next']} |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"
