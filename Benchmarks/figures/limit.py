"""Where it ends: the durable runs a second that can be sustained."""

import time

from load import Load, LoadedServer
from report import at_least, at_most
from stage import Stage

TARGET = 3_000
MORE = (4_000, 5_000, 6_000, 8_000)
LESS = (2_000, 1_000)
ENOUGH = 99.9
# Seconds for the first runs, which come within an interval or two, and for the store's first pages.
SETTLING = 5


def limit(bench, _):
    """Raises the load until slots are missed; each load has a server and a store of its own."""
    said, accused = [], []

    def is_sustained(rate):
        with Stage() as stage:
            server = LoadedServer(stage, bench.binary, Load(rate, interval=1.0))
            # Beyond the limit some may never get their turn; how many slots are run says so.
            time.sleep(SETTLING)
            measured = server.measure(bench.seconds(8, 30))
            accused.append(sum(check["state"] == "unhealthy" for check in server.vitals.all("health-checks")))
            lost = server.stop()
        healthy = measured.healthy
        said.append(
            f"{rate:,}: {healthy.share:.2f} %, p99 {healthy.late(0.99):,.0f} ms late, "
            f"{measured.cpu_per_1000:.3f} s per 1,000, {lost} lost, {accused[-1]} called unhealthy"
        )
        return healthy.share >= ENOUGH and lost == 0

    sustained = TARGET if is_sustained(TARGET) else 0
    if sustained:
        for rate in MORE:
            if not is_sustained(rate):
                break
            sustained = rate
    else:
        sustained = next((rate for rate in LESS if is_sustained(rate)), 0)
    yield at_least(
        f"runs a second with {ENOUGH} % of slots run",
        sustained,
        TARGET,
        digits=0,
        beside="cores shared with nginx. " + "; ".join(said),
    )
    yield at_most("healthy targets called unhealthy, at most", max(accused), 0, digits=0)
