"""Where one figure is measured: a temporary folder and the processes started in it, gone at the end."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# As root nothing is started as root: PostgreSQL refuses it, and nothing needs it.
IS_ROOT = os.geteuid() == 0
ACCOUNT = pwd.getpwnam("nobody") if IS_ROOT else pwd.getpwuid(os.geteuid())


def eventually(what, condition, within=30.0, every=0.02):
    """Waits until `condition` returns something true, and returns that."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(every)
    raise TimeoutError(f"{what}: not within {within:.0f} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stage:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="vitals-bench-")
        self.processes = []
        self.own(self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # No second ^C in the middle of the cleaning up.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for process in reversed(self.processes):
                self.end(process, within=5)
            shutil.rmtree(self.folder, ignore_errors=True)
        finally:
            signal.signal(signal.SIGINT, before)

    def own(self, path):
        if IS_ROOT:
            os.chown(path, ACCOUNT.pw_uid, ACCOUNT.pw_gid)

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, name):
        """Makes a folder."""
        os.mkdir(self.path(name))
        self.own(self.path(name))

    def write(self, name, text, mode=0o600):
        """Writes a file that the processes on this stage can read; replaced in one step."""
        path = self.path(name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path + ".new", mode)
        self.own(path + ".new")
        os.rename(path + ".new", path)
        return path

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def bring(self, path):
        """A copy of a program, which everybody can reach and nobody replaces while it runs."""
        copy = self.path(os.path.basename(path))
        if not os.path.exists(copy):
            shutil.copy(path, copy)
            self.own(copy)
        return copy

    def start(self, arguments, log, environment=None):
        """Starts a process that is ended with the stage; what it says goes into the file `log`."""
        with open(self.path(log), "ab") as output:
            process = subprocess.Popen(arguments, stdout=output, stderr=output, **self._as(environment))
        self.processes.append(process)
        return process

    def run(self, arguments, check=True, environment=None):
        """Runs something to its end and returns what it printed."""
        done = subprocess.run(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **self._as(environment)
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{arguments[0]} gave {done.returncode}: {done.stdout.strip()[-400:]}")
        return done.stdout

    def cost(self, arguments, check=True):
        """Runs something to its end and returns the CPU seconds of it and its children, and its output."""
        process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **self._as(None)
        )
        with process.stdout:
            output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if check and process.returncode != 0:
            raise RuntimeError(f"{arguments[0]} gave {process.returncode}: {output.strip()[-400:]}")
        return usage.ru_utime + usage.ru_stime, output

    def end(self, process, within=30.0):
        """Ends a process in order, and by force if that takes too long; returns the seconds it took."""
        began = time.monotonic()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(within)
            except subprocess.TimeoutExpired:
                self._kill_group(process)
        self._kill_group(process)
        if process in self.processes:
            self.processes.remove(process)
        return time.monotonic() - began

    def _kill_group(self, process):
        """What a process left behind is in its session, which is named after its process id."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _as(self, environment):
        options = {
            "cwd": self.folder,
            "stdin": subprocess.DEVNULL,
            # A session of its own: ^C reaches this program alone, which then ends the others in order.
            "start_new_session": True,
            "env": {"PATH": os.environ["PATH"], "HOME": self.folder, "LC_ALL": "C"} | (environment or {}),
        }
        if IS_ROOT:
            options |= {"user": ACCOUNT.pw_uid, "group": ACCOUNT.pw_gid, "extra_groups": []}
        return options
