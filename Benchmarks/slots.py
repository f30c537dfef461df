"""Which slot a request at a target belongs to, worked out anew here: nothing of Vitals is believed."""

import math
from collections import Counter
from dataclasses import dataclass

MASK = (1 << 64) - 1
# nginx writes whole milliseconds, of a clock that it reads once in a round of its loop.
LOG_GRAIN = 0.005


def phase(name, interval):
    """Seconds from the epoch to the first slot: fmix64 of FNV-1a of the id, modulo the interval in µs."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 & MASK
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & MASK
    value ^= value >> 33
    return value % round(interval * 1_000_000) / 1_000_000


def next_slot(name, interval, after):
    first = phase(name, interval)
    return first + (math.floor((after - first) / interval) + 1) * interval


@dataclass
class Punctuality:
    """What became of the slots that fell due within a span."""

    due: int
    run: int
    lateness: list

    @property
    def share(self):
        return 100 * self.run / self.due if self.due else math.nan

    def late(self, share):
        """The lateness in ms that this share of the runs did not exceed."""
        return quantile(self.lateness, share)


def punctuality(hits, checks, begin, end):
    """Compares hits, which go on for a while after `end`, with the slots of `checks` in [begin, end)."""
    grids = {check.name: (phase(check.name, check.interval), check.interval) for check in checks}
    due = 0
    for first, interval in grids.values():
        due += math.ceil((end - first) / interval) - math.ceil((begin - first) / interval)
    seen = {}
    for hit in hits:
        if hit.name not in grids:
            continue
        first, interval = grids[hit.name]
        number = math.floor((hit.time - first + LOG_GRAIN) / interval)
        slot = first + number * interval
        if begin <= slot < end:
            late = 1000 * max(0.0, hit.time - slot)
            seen[hit.name, number] = min(late, seen.get((hit.name, number), math.inf))
    return Punctuality(due, len(seen), list(seen.values()))


def quantile(values, share):
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def busiest_second(times):
    """The most requests within any second, in steps of a tenth."""
    tenths = Counter(int(10 * time) for time in times)
    if not tenths:
        return 0
    return max(sum(tenths[first + i] for i in range(10)) for first in range(min(tenths) - 9, max(tenths) + 1))
