"""From a target's death to the webhook."""

import json
import os
import random
import signal
import time

from report import at_most
from slots import next_slot
from stage import eventually
from targets import Listener
from vitals import Check, Vitals, milliseconds, name_of

INTERVAL = 10.0
CONFIRM = 2.0
ALLOWANCE = 0.1
THRESHOLDS = (1, 3)


def detection(bench, stage):
    count = 40 if bench.full else 16
    hook = Listener(stage, "webhook").wait()
    groups = {threshold: mortals(stage, threshold, count) for threshold in THRESHOLDS}
    targets = [pair for group in groups.values() for pair in group]
    for _, target in targets:
        target.wait()
    vitals = Vitals(stage, bench.binary, [check for check, _ in targets], hook.url() + "/hook")
    eventually("every target probed", lambda: all(target.lines() for _, target in targets))
    killed = kill([step for group in groups.values() for step in plan(group)])
    slowest = INTERVAL + max(THRESHOLDS) * CONFIRM
    eventually("every death told", lambda: len(told(hook)) >= len(targets), within=slowest + 5)
    arrived = told(hook)
    vitals.stop()
    for threshold, group in groups.items():
        names = [check.name for check, _ in group]
        yield from rows_of(threshold, {name: killed[name] for name in names}, arrived)
    extra = sum('"type":"down"' in line for line in hook.lines()) - len(targets)
    yield at_most("told more than once", extra, 0, digits=0)


def rows_of(threshold, killed, arrived):
    confirmation = (threshold - 1) * CONFIRM
    taken = [arrived[name] - at for name, at in killed.items()]
    ours = [arrived[name] - next_slot(name, INTERVAL, at) - confirmation for name, at in killed.items()]
    yield at_most(
        f"threshold {threshold}: from death to webhook, mean",
        sum(taken) / len(taken),
        INTERVAL / 2 + confirmation + ALLOWANCE,
        "s",
        beside=f"{len(taken)} deaths; {min(taken):.2f} to {max(taken):.2f}",
    )
    yield at_most(
        f"threshold {threshold}: beyond slot and confirmations",
        1000 * sum(ours) / len(ours),
        1000 * ALLOWANCE,
        "ms",
        0,
        f"at most {1000 * max(ours):.0f} ms",
    )


def mortals(stage, threshold, count):
    """Targets that are to die, each in a process of its own, with their checks."""
    settings = f", confirm_every: {milliseconds(CONFIRM)}, thresholds: {{ failure: {threshold}, success: 1 }}"
    pairs = []
    for index in range(count):
        name = name_of(index, f"t{threshold}-")
        target = Listener(stage, "answer", name=name)
        pairs.append((Check(name, "http", f"{target.url()}/{name}", INTERVAL, 5.0, settings), target))
    return pairs


def plan(group):
    """When each is killed: at another part of its check's interval, in an order by chance."""
    parts = list(range(len(group)))
    random.Random(1).shuffle(parts)
    begin = time.time() + 0.5
    for (check, target), part in zip(group, parts, strict=True):
        # The middles of equal parts: their mean wait is half an interval, as that of ever more random ones.
        wait = (part + 0.5) / len(group) * INTERVAL
        yield next_slot(check.name, INTERVAL, begin + wait) - wait, check.name, target.process


def kill(steps):
    """Kills each when it is due; returns when each died."""
    killed = {}
    for at, name, process in sorted(steps, key=lambda step: step[0]):
        time.sleep(max(0.0, at - time.time()))
        killed[name] = time.time()
        os.kill(process.pid, signal.SIGKILL)
    return killed


def told(hook):
    """When each health check was first told as down."""
    arrived = {}
    for line in hook.lines():
        at, _, body = line.split(" ", 2)
        message = json.loads(body)
        if message["type"] == "down":
            arrived.setdefault(message["health_check"]["id"], float(at))
    return arrived
