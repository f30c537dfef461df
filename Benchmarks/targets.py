"""What is probed and what is told, each in processes of its own: nginx, listeners, PostgreSQL."""

import glob
import os
import socket
import textwrap
import time
from dataclasses import dataclass

from stage import eventually, free_port

HERE = os.path.dirname(os.path.abspath(__file__))
# Debian's, which everybody may run; the one that runs this may be at home with somebody.
PYTHON = "/usr/bin/python3"
CHECKS_AN_ADDRESS = 64


def addresses(network, count):
    """As many addresses of 127.0.0.0/8 as `count` checks need."""
    needed = max(1, -(-count // CHECKS_AN_ADDRESS))
    return [f"127.{network}.{number // 250}.{number % 250 + 1}" for number in range(needed)]


def accepts(address, port):
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


@dataclass(frozen=True)
class Hit:
    """A request at a target. The path is the health check's id; a listener tells no connection."""

    time: float
    name: str
    connection: str


class HitLog:
    """A log of hits that grows; what was read once is not read again."""

    def __init__(self, path):
        self.path = path
        self.read_to = 0
        self.hits = []

    def read(self):
        """All hits so far, but perhaps those of the last fifth of a second."""
        if os.path.exists(self.path):
            with open(self.path, "rb") as file:
                file.seek(self.read_to)
                whole, newline, _ = file.read().rpartition(b"\n")
            self.read_to += len(whole + newline)
            self.hits += [self._hit(line) for line in whole.decode("utf-8", "replace").splitlines()]
        return self.hits

    @staticmethod
    def _hit(line):
        at, path, *rest = line.split(" ")
        return Hit(float(at), path.removeprefix("/").removeprefix("flap/"), rest[0] if rest else "")


NGINX = """
daemon off;
worker_processes 1;
pid nginx.pid;
events {{ worker_connections 8192; }}
http {{
    log_format hit '$msec $request_uri $connection';
    access_log {log} hit buffer=64k flush=200ms;
    client_body_temp_path {folder};
    proxy_temp_path {folder};
    fastcgi_temp_path {folder};
    uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    server {{
        {listen}
        {certificate}
        location / {{ return 200 "all is well here\\n"; }}
        location /flap/ {{
            if (-f {folder}/flapped) {{ return 503; }}
            return 200 "up\\n";
        }}
    }}
}}
"""


class Nginx:
    """Healthy targets. Those below /flap/ fail while `flap(True)` holds."""

    def __init__(self, stage, checks, certificate=None):
        self.stage = stage
        self.port = free_port()
        self.addresses = addresses(10, checks)
        self.log = HitLog(stage.path("hits.log"))
        secure = " ssl" if certificate else ""
        listen = [f"listen {each}:{self.port} backlog=4096{secure};" for each in self.addresses]
        settings = NGINX.format(
            log=self.log.path,
            folder=stage.folder,
            listen="\n".join(listen),
            certificate=certificate.directives if certificate else "",
        )
        stage.write("nginx.conf", settings)
        where = ["-p", stage.folder, "-c", "nginx.conf", "-e", "nginx-error.log"]
        self.process = stage.start(["nginx", *where], "nginx.out")
        eventually("nginx listening", lambda: accepts(self.addresses[-1], self.port))

    def url(self, index, scheme="http"):
        return f"{scheme}://{self.addresses[index // CHECKS_AN_ADDRESS]}:{self.port}"

    def flap(self, down):
        if down:
            self.stage.write("flapped", "")
        elif os.path.exists(self.stage.path("flapped")):
            os.remove(self.stage.path("flapped"))

    def hits(self):
        """All requests so far; the floor's are no runs."""
        return [hit for hit in self.log.read() if hit.name != "floor"]


class Listener:
    """listener.py in one of its kinds."""

    def __init__(self, stage, kind, checks=1, name=None):
        self.stage = stage
        self.log = HitLog(stage.path(f"{name or kind}.log"))
        self.port = free_port()
        self.addresses = addresses({"hang": 11, "webhook": 12, "answer": 13}[kind], checks)
        program = stage.bring(os.path.join(HERE, "listener.py"))
        arguments = [program, kind, str(self.port), self.log.path, *self.addresses]
        self.process = stage.start([PYTHON, *arguments], f"{name or kind}.out")

    def wait(self):
        eventually("a listener", lambda: accepts(self.addresses[-1], self.port))
        return self

    def url(self, index=0):
        return f"http://{self.addresses[index // CHECKS_AN_ADDRESS]}:{self.port}"

    def hits(self):
        return self.log.read()

    def lines(self):
        return self.stage.read(self.log.path).splitlines()


class Postgres:
    """A cluster of its own, entered by TCP with SCRAM-SHA-256 as `monitor`."""

    def __init__(self, stage):
        self.stage = stage
        self.port = free_port()
        programs = max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        stage.run(
            [
                f"{programs}/initdb",
                "-D",
                "cluster",
                "-U",
                "postgres",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
                "--auth-local=trust",
                "--auth-host=scram-sha-256",
            ]
        )
        settings = {
            "fsync": "off",
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "max_connections": 200,
            "unix_socket_directories": stage.folder,
            "log_connections": "on",
            "log_line_prefix": "%n ",
        }
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self.process = stage.start([f"{programs}/postgres", "-D", "cluster", *words], "postgres.log")
        eventually("PostgreSQL ready", lambda: "\nready" in stage.read("cluster/postmaster.pid"))
        self.ask("CREATE ROLE monitor LOGIN PASSWORD 'monitor'")

    def ask(self, statement):
        return self.stage.run(
            ["psql", "-h", self.stage.folder, "-p", str(self.port), "-U", "postgres", "-XqAtc", statement]
        ).strip()

    @property
    def url(self):
        return f"postgres://monitor:monitor@127.0.0.1:{self.port}/postgres"

    def logins(self, begin, end):
        """How many logins as `monitor` the server wrote down in this span."""
        return len(
            [time for time in self._times("connection authorized: user=monitor") if begin <= time < end]
        )

    def mark(self):
        """From where `logins_since` counts."""
        return time.time()

    def logins_since(self, mark):
        """How many logins as `monitor` there were since then."""
        return self.logins(mark, time.time())

    def breaks(self):
        """How many connections were dropped without a goodbye."""
        return sum(1 for _ in self._times("unexpected EOF")) + sum(
            1 for _ in self._times("could not receive")
        )

    def sessions(self):
        """Sessions of `monitor` that are there now."""
        return int(self.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'monitor'"))

    def _times(self, message):
        for line in self.stage.read("postgres.log").splitlines():
            if message in line:
                yield float(line.split(" ", 1)[0])


class Redis:
    """Servers that save nothing, each on a port of its own: no more than 64 runs at once go to one of them."""

    def __init__(self, stage, count=1):
        self.stage = stage
        self.ports = [free_port() for _ in range(count)]
        for port in self.ports:
            settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--maxclients", "4000"]
            stage.start(["redis-server", *settings, "--dir", stage.path("")], f"redis-{port}.log")
        for port in self.ports:
            eventually("Redis ready", lambda: "Ready to accept" in stage.read(f"redis-{port}.log"))

    def url(self, index):
        return f"redis://127.0.0.1:{self.ports[index % len(self.ports)]}/0"

    def logins(self):
        """How many connections there were so far, those that ask for this number not counted."""
        return sum(self.count(port) for port in self.ports)

    def count(self, port):
        said = self.stage.run(["redis-cli", "-p", str(port), "INFO", "commandstats"])
        # cmdstat_hello:calls=12,usec=...
        lines = [line for line in said.splitlines() if line.startswith("cmdstat_hello:")]
        return int(lines[0].split("calls=")[1].split(",")[0]) if lines else 0


class MariaDB:
    """A server with a data folder of its own, entered by TCP with mysql_native_password as `monitor`."""

    def __init__(self, stage):
        self.stage = stage
        self.port = free_port()
        self.socket = stage.path("mariadb.sock")
        data = stage.path("mariadb")
        stage.run(
            [
                "mariadb-install-db",
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ]
        )
        self.process = stage.start(
            [
                "/usr/sbin/mariadbd",
                "--no-defaults",
                f"--datadir={data}",
                f"--socket={self.socket}",
                f"--port={self.port}",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--max-connections=200",
            ],
            "mariadb.log",
        )
        eventually("MariaDB ready", lambda: "ready for connections" in stage.read("mariadb.log"))
        self.ask("CREATE USER monitor IDENTIFIED BY 'monitor'")

    def ask(self, statement):
        client = ["mariadb", "--no-defaults", "-S", self.socket, "-u", "root", "-NBe", statement]
        return self.stage.run(client).strip()

    @property
    def url(self):
        return f"mysql://monitor:monitor@127.0.0.1:{self.port}/"

    def status(self, name):
        """One of the numbers that the server counts itself; `Connections` counts this question, too."""
        return int(self.ask(f"SHOW GLOBAL STATUS LIKE '{name}'").split()[-1])

    def mark(self):
        """From where `logins_since` counts."""
        return self.status("Connections")

    def logins_since(self, mark):
        """How many logins there were since then but those that ask."""
        return self.status("Connections") - mark - 1

    def sessions(self):
        """Sessions of `monitor` that are there now."""
        return int(self.ask("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'monitor'"))


class SQLServer:
    """The scripted peer that the tests have, too: there is no server to be had. Without TLS."""

    def __init__(self, stage):
        self.stage = stage
        self.port = free_port()
        with open(f"{HERE}/../Sources/VitalsTesting/SQLServerPeer+Script.swift") as source:
            script = source.read().split('#"""\n')[1].split('"""#')[0].rstrip(" ")
        stage.write("peer.py", textwrap.dedent(script))
        stage.write("behaviour", "{}")
        self.process = stage.start([PYTHON, "peer.py", str(self.port), "", ""], "peer.log")
        eventually("the peer listening", lambda: accepts("127.0.0.1", self.port))

    def url(self, _):
        return f"sqlserver://monitor:s3cr3t@127.0.0.1:{self.port}?database=shop&encrypt=disable"

    def logins(self):
        return sum(line.startswith("login ") for line in self.stage.read("heard").splitlines())


class Certificate:
    """An authority and a server certificate that it signed, for every address that nginx listens on."""

    def __init__(self, stage, names):
        self.authority = stage.path("authority.pem")
        self.chain = stage.path("server.pem")
        self.key = stage.path("server.key")
        self.directives = f" ssl_certificate {self.chain};\n ssl_certificate_key {self.key};"
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
        stage.run(
            [
                "openssl",
                "req",
                "-x509",
                *curve,
                "-subj",
                "/CN=Benchmark authority",
                "-keyout",
                "authority.key",
                "-out",
                self.authority,
            ]
        )
        stage.run(
            ["openssl", "req", *curve[:-2], "-subj", "/CN=benchmark", "-keyout", self.key, "-out", "request"]
        )
        stage.write("names", "subjectAltName = " + ", ".join(f"IP:{name}" for name in names))
        stage.run(
            [
                "openssl",
                "x509",
                "-req",
                "-in",
                "request",
                "-CA",
                self.authority,
                "-CAkey",
                "authority.key",
                "-CAcreateserial",
                "-days",
                "30",
                "-extfile",
                "names",
                "-out",
                self.chain,
            ]
        )
