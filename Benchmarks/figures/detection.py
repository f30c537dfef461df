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
from vitals import Check, Vitals, name_of

INTERVAL = 10.0
CONFIRM = 2.0
ALLOWANCE = 0.1


def detection(threshold):
    """The figure of one threshold."""

    def figure(bench, stage):
        count = 40 if bench.full else 16
        hook = Listener(stage, "webhook").wait()
        targets = [Listener(stage, "answer", name=f"answer{index}") for index in range(count)]
        for target in targets:
            target.wait()
        settings = f", confirm_every: {CONFIRM:.0f}s, thresholds: {{ failure: {threshold}, success: 1 }}"
        checks = [
            Check(name_of(index), "http", f"{target.url()}/{name_of(index)}", INTERVAL, 5.0, settings)
            for index, target in enumerate(targets)
        ]
        vitals = Vitals(stage, bench.binary, checks, hook.url() + "/hook")
        eventually("every target probed", lambda: all(target.lines() for target in targets))
        killed = kill(checks, targets)
        confirmation = (threshold - 1) * CONFIRM
        eventually("every death told", lambda: len(told(hook)) >= count, within=INTERVAL + confirmation + 5)
        arrived = told(hook)
        vitals.stop()
        taken = [arrived[name] - at for name, at in killed.items()]
        beyond = [arrived[name] - next_slot(name, INTERVAL, at) - confirmation for name, at in killed.items()]
        mean = sum(taken) / count
        yield at_most(
            "from death to webhook, mean",
            mean,
            INTERVAL / 2 + confirmation + ALLOWANCE,
            "s",
            2,
            f"{count} deaths; {min(taken):.2f} to {max(taken):.2f}",
        )
        yield at_most(
            "of that after slot and confirmations, mean",
            1000 * sum(beyond) / count,
            100,
            "ms",
            0,
            f"at most {1000 * max(beyond):.0f} ms",
        )
        extra = sum('"type":"down"' in line for line in hook.lines()) - count
        yield at_most("told more than once", extra, 0, digits=0)

    return figure


def kill(checks, targets):
    """Kills each target at another part of its check's interval, in an order by chance."""
    count = len(checks)
    parts = list(range(count))
    random.Random(1).shuffle(parts)
    begin = time.time() + 0.5
    plan = []
    for check, target, part in zip(checks, targets, parts):
        # The middles of equal parts: their mean wait is half an interval, as that of ever more random ones.
        wait = (part + 0.5) / count * INTERVAL
        plan.append((next_slot(check.name, INTERVAL, begin + wait) - wait, check.name, target.process))
    killed = {}
    for at, name, process in sorted(plan, key=lambda step: step[0]):
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
