"""Nothing to do: what the server takes only by being there."""

import time

from report import at_most
from vitals import Vitals


def idle(bench, stage):
    vitals = Vitals(stage, bench.binary)
    time.sleep(2)
    used, began = vitals.cpu(), time.monotonic()
    time.sleep(bench.seconds(5, 60))
    busy = 100 * (vitals.cpu() - used) / (time.monotonic() - began)
    yield at_most("RSS", vitals.peak_memory(), 40, "MB", 1, "no configuration: it watches itself")
    yield at_most("CPU, of one core", busy, unit="%")
    vitals.stop()
