"""What the kernel knows of processes and of the machine: CPU, memory, who else is busy."""

import os
import platform
import time

TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _stat(pid):
    """The fields of /proc/<pid>/stat from the third on; the name before them may hold anything."""
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def tree(*roots):
    """These processes and all that descend from them."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(entry)
            if fields:
                parents[int(entry)] = int(fields[1])
    found = set(roots)
    grows = True
    while grows:
        more = {pid for pid, parent in parents.items() if parent in found and pid not in found}
        found |= more
        grows = bool(more)
    return found


def cpu(pids):
    """CPU seconds, user and system, of these processes and of their children that have ended."""
    total = 0
    for pid in pids:
        fields = _stat(pid)
        if fields:
            total += sum(int(field) for field in fields[11:15])
    return total / TICK


def memory(pids):
    """Resident memory in MB, summed; for one process that is what it is."""
    return sum(_status(pid, "VmRSS") for pid in pids) / 1024


def peak_memory(pid):
    """The most resident memory in MB that a process ever had."""
    return _status(pid, "VmHWM") / 1024


def _status(pid, key):
    for line in _read(f"/proc/{pid}/status").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1])
    return 0


class Others:
    """What is used of the machine's CPU by others than this program and what it started."""

    def __init__(self):
        self.before = self._reading()

    @staticmethod
    def _reading():
        fields = [int(field) for field in _read("/proc/stat").split("\n", 1)[0].split()[1:]]
        # Idle time is exact where the other columns are samples. Interrupts here are loopback's, so ours.
        unused = fields[3] + fields[4] + fields[5] + fields[6]
        return time.monotonic(), unused / TICK, cpu(tree(os.getpid()))

    def cores(self):
        """Cores that others kept busy since this was made."""
        began, unused, ours = self.before
        ended, unused_now, ours_now = self._reading()
        elapsed = ended - began
        busy = CORES * elapsed - (unused_now - unused) - (ours_now - ours)
        return max(0.0, busy / elapsed) if elapsed > 0 else 0.0


def description():
    """The machine in a line."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in _read("/proc/cpuinfo").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    gigabytes = int(_read("/proc/meminfo").split()[1]) / 1e6
    return f"{CORES} cores ({model}), {gigabytes:.0f} GB, Linux {platform.release()}"


def load_average():
    return " ".join(_read("/proc/loadavg").split()[:3])
