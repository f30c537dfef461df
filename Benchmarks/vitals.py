"""The server under test: its configuration, its process, its answers."""

import http.client
import json
import os
import time
from dataclasses import dataclass

import machine
from stage import eventually, free_port

CHECKS_A_SYSTEM = 10


@dataclass(frozen=True)
class Check:
    """A health check, known as `<system>.<check>`; targets of HTTP have that as the path."""

    name: str
    kind: str
    target: str
    interval: float = 10.0
    timeout: float = 5.0
    settings: str = ""

    def line(self):
        check = self.name.partition(".")[2]
        timing = f"interval: {milliseconds(self.interval)}, timeout: {milliseconds(self.timeout)}"
        # Several settings stand as YAML has them.
        target = self.target if self.target.startswith("{") else f'"{self.target}"'
        return f"      - {{ id: {check}, {self.kind}: {target}, {timing}{self.settings} }}"


def milliseconds(seconds):
    return f"{round(1000 * seconds)}ms"


def name_of(index, prefix="s"):
    return f"{prefix}{index // CHECKS_A_SYSTEM:04d}.c{index % CHECKS_A_SYSTEM}"


def configuration(checks, webhook=None):
    lines = []
    if webhook:
        lines += ["channels:", f'  - {{ id: hook, default: true, webhook: {{ url: "{webhook}" }} }}']
    lines.append("systems:")
    systems = {}
    for check in checks:
        systems.setdefault(check.name.partition(".")[0], []).append(check)
    for system, members in systems.items():
        lines += [f"  - id: {system}", "    checks:"] + [check.line() for check in members]
    return "\n".join(lines) + "\n"


class Vitals:
    """A server with a data folder of its own, which can be stopped and started again."""

    def __init__(self, stage, binary, checks=(), webhook=None, before=(), environment=None, folder="data"):
        self.stage = stage
        self.folder = folder
        self.port = free_port()
        self.environment = environment
        self.arguments = [
            *before,
            stage.bring(binary),
            "serve",
            "--data",
            folder,
            "--listen",
            f"127.0.0.1:{self.port}",
        ]
        if checks:
            name = f"{folder}.yaml"
            stage.write(name, configuration(checks, webhook))
            self.arguments += ["--config", stage.path(name)]
        self.start()

    def start(self, wait=True):
        self.started = time.time()
        self.process = self.stage.start(self.arguments, "vitals.log", self.environment)
        if wait:
            self.wait()

    def wait(self):
        eventually("Vitals ready", self._is_ready, within=60)

    def _is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"Vitals ended: {self.stage.read('vitals.log')[-600:]}")
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def stop(self):
        """Ends it in order; returns the seconds that took."""
        took = self.stage.end(self.process)
        if self.process.returncode != 0:
            raise RuntimeError(
                f"Vitals gave {self.process.returncode}: {self.stage.read('vitals.log')[-600:]}"
            )
        return took

    def cpu(self):
        return machine.cpu([self.process.pid])

    def peak_memory(self):
        return machine.peak_memory(self.process.pid)

    def memory(self):
        return machine.memory([self.process.pid])

    def size(self):
        """Bytes of all that it keeps; exact while it is stopped."""
        folder = self.stage.path(self.folder)
        return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def all(self, name):
        """Every item of a list of the API."""
        items, cursor = [], ""
        while cursor is not None:
            page = json.loads(self.get(f"/api/v1/{name}?limit=1000{cursor and '&cursor=' + cursor}")[1])
            items += page["items"]
            cursor = page["next_cursor"]
        return items

    def latencies(self, path, count, pause):
        """Milliseconds of so many requests on one connection, and the sizes of the answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        taken = []
        size = 0
        for number in range(count):
            began = time.perf_counter()
            connection.request("GET", path)
            response = connection.getresponse()
            size = len(response.read())
            taken.append(1000 * (time.perf_counter() - began))
            if response.status != 200:
                raise RuntimeError(f"{path} gave {response.status}")
            time.sleep(pause * (0.5 + number % 7 / 6))
        connection.close()
        return taken, size
