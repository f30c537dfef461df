"""What one probe of other kinds costs: PostgreSQL, MySQL, SQL Server, HTTPS, and HTTP with conditions."""

import re
import time

from load import FLUSH
from report import at_least, at_most
from stage import eventually
from targets import Certificate, MariaDB, Nginx, Postgres, Redis, SQLServer, addresses
from vitals import Check, Vitals, name_of

PLUGINS = "/usr/lib/nagios/plugins"
CHECKS = 100
SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def postgres(bench, stage):
    server = Postgres(stage)
    checks = [Check(name_of(index), "postgres", server.url, 1.0, 0.9) for index in range(CHECKS)]
    vitals = Vitals(stage, bench.binary, checks)
    eventually("logins", lambda: server.logins(0, time.time()) > 2 * CHECKS)
    begin, used = time.time(), vitals.cpu()
    time.sleep(bench.seconds(10, 60))
    end, used = time.time(), vitals.cpu() - used
    time.sleep(FLUSH)
    runs = server.logins(begin, end)
    passing = sum(each["state"] == "healthy" for each in vitals.all("health-checks"))
    count = 100
    conninfo = f"host=127.0.0.1 port={server.port} user=monitor password=monitor dbname=postgres"
    libpq, _ = stage.cost([stage.bring(bench.floor), "postgres", conninfo, str(count)])
    plugin = (
        sum(
            stage.cost(
                [
                    f"{PLUGINS}/check_pgsql",
                    "-H",
                    "127.0.0.1",
                    "-P",
                    str(server.port),
                    "-l",
                    "monitor",
                    "-p",
                    "monitor",
                    "-d",
                    "postgres",
                ]
            )[0]
            for _ in range(20)
        )
        / 20
    )
    vitals.stop()
    yield at_most(
        "PostgreSQL, SCRAM: CPU ms a run",
        1000 * used / runs,
        0.45,
        digits=3,
        beside=f"libpq {1000 * libpq / count:.2f}, check_pgsql {1000 * plugin:.1f}",
    )
    yield at_least("PostgreSQL: runs seen of those due", 100 * runs / (CHECKS * (end - begin)), 99, "%", 1)
    yield at_least("PostgreSQL: checks healthy", passing, CHECKS, digits=0)
    # The server's process for a session may live a little longer than the session.
    time.sleep(FLUSH)
    yield at_most("PostgreSQL: sessions left on the server", server.sessions(), 0, digits=0)
    yield at_most("PostgreSQL: sessions ended without goodbye", server.breaks(), 0, digits=0)


def mysql(bench, stage):
    server = MariaDB(stage)
    checks = [Check(name_of(index), "mysql", server.url, 1.0, 0.9) for index in range(CHECKS)]
    vitals = Vitals(stage, bench.binary, checks)
    eventually("logins", lambda: server.status("Connections") > 3 * CHECKS)
    begin, used, seen = time.time(), vitals.cpu(), server.status("Connections")
    time.sleep(bench.seconds(10, 60))
    end, used, runs = time.time(), vitals.cpu() - used, server.status("Connections") - seen - 1
    time.sleep(FLUSH)
    passing = sum(each["state"] == "healthy" for each in vitals.all("health-checks"))
    client = ["-H", "127.0.0.1", "-P", str(server.port), "-u", "monitor", "-pmonitor"]
    plugin = sum(stage.cost([f"{PLUGINS}/check_mysql", *client])[0] for _ in range(20)) / 20
    vitals.stop()
    # The figure of the PostgreSQL probe: no SCRAM here, but as many questions.
    yield at_most(
        "MySQL: CPU ms a run", 1000 * used / runs, 0.45, digits=3, beside=f"check_mysql {1000 * plugin:.1f}"
    )
    yield at_least("MySQL: runs seen of those due", 100 * runs / (CHECKS * (end - begin)), 99, "%", 1)
    yield at_least("MySQL: checks healthy", passing, CHECKS, digits=0)
    yield at_most("MySQL: sessions left on the server", server.sessions(), 0, digits=0)
    yield at_most("MySQL: sessions ended without goodbye", server.status("Aborted_clients"), 0, digits=0)


def sqlserver(bench, stage):
    """On a scripted peer: what the probe costs, and nothing of what a real server would take."""
    server = SQLServer(stage)
    used, runs, due, passing = logged_in(bench, stage, server, CHECKS, "sqlserver")
    # The figure of the PostgreSQL probe: no SCRAM here, but as many questions.
    yield at_most("SQL Server: CPU ms a run", 1000 * used / runs, 0.45, digits=3)
    yield at_least("SQL Server: runs seen of those due", 100 * runs / due, 99, "%", 1)
    yield at_least("SQL Server: checks healthy", passing, CHECKS, digits=0)


def redis(bench, stage):
    server = Redis(stage)
    used, runs, due, passing = logged_in(bench, stage, server, CHECKS)
    count = 2_000
    floor, _ = stage.cost([stage.bring(bench.floor), "redis", "127.0.0.1", str(server.ports[0]), str(count)])
    client = ["redis-cli", "-p", str(server.ports[0]), "PING"]
    alone = sum(stage.cost(client)[0] for _ in range(20)) / 20
    yield at_most(
        "Redis: CPU ms a run",
        1000 * used / runs,
        digits=3,
        beside=f"the same in C {1000 * floor / count:.3f}, redis-cli PING {1000 * alone:.1f}",
    )
    yield at_least("Redis: runs seen of those due", 100 * runs / due, 99, "%", 1)
    yield at_least("Redis: checks healthy", passing, CHECKS, digits=0)


def redis_load(bench, stage):
    checks = 2_000
    used, runs, due, passing = logged_in(bench, stage, Redis(stage, 8), checks)
    yield at_least("2,000 Redis checks at 1 s: runs seen of those due", 100 * runs / due, 99, "%", 1)
    yield at_most("2,000 Redis checks at 1 s: CPU s per 1,000 runs", 1000 * used / runs, digits=3)
    yield at_least("2,000 Redis checks at 1 s: checks healthy", passing, checks, digits=0)


def logged_in(bench, stage, server, count, kind="redis"):
    """CPU seconds, the runs that the servers saw in them, those due, and how many checks are healthy then."""
    checks = [Check(name_of(index), kind, server.url(index), 1.0, 0.9) for index in range(count)]
    vitals = Vitals(stage, bench.binary, checks)
    eventually("logins", lambda: server.logins() > 2 * count)
    begin, used, seen = time.time(), vitals.cpu(), server.logins()
    time.sleep(bench.seconds(10, 60))
    end, used, runs = time.time(), vitals.cpu() - used, server.logins() - seen
    time.sleep(FLUSH)
    passing = sum(each["state"] == "healthy" for each in vitals.all("health-checks"))
    vitals.stop()
    return used, runs, count * (end - begin), passing


def https(bench, stage):
    names = addresses(10, CHECKS)
    certificate = Certificate(stage, names)
    nginx = Nginx(stage, CHECKS, certificate)
    checks = [
        Check(name_of(index), "http", f"{nginx.url(index, 'https')}/{name_of(index)}", 1.0, 0.9)
        for index in range(CHECKS)
    ]
    vitals = Vitals(stage, bench.binary, checks, before=trusting(stage, certificate))
    eventually("runs", lambda: len(nginx.hits()) > 2 * CHECKS)
    begin, used = time.time(), vitals.cpu()
    time.sleep(bench.seconds(10, 60))
    end, used = time.time(), vitals.cpu() - used
    time.sleep(FLUSH)
    hits = nginx.hits()
    runs = sum(begin <= hit.time < end for hit in hits)
    vitals.stop()
    where = f"{names[0]}:{nginx.port}"
    openssl, said = stage.cost(
        [
            "openssl",
            "s_time",
            "-connect",
            where,
            "-new",
            "-www",
            "/floor",
            "-time",
            "2",
            "-CAfile",
            certificate.authority,
            "-verify",
            "3",
        ]
    )
    connections = int(re.search(r"(\d+) connections in \d+ real", said).group(1))
    plugin = (
        sum(
            stage.cost(
                [f"{PLUGINS}/check_http", "-S", "-I", names[0], "-p", str(nginx.port), "-u", "/floor"]
            )[0]
            for _ in range(20)
        )
        / 20
    )
    yield at_most(
        "HTTPS: CPU ms a run",
        1000 * used / runs,
        digits=3,
        beside=f"OpenSSL's s_time {1000 * openssl / connections:.2f}, check_http {1000 * plugin:.1f}",
    )
    yield at_least("HTTPS: runs seen of those due", 100 * runs / (CHECKS * (end - begin)), 99, "%", 1)


CONDITIONS = (
    ', conditions: ["[STATUS] == 200", "[BODY] == pat(*well*)", "[RESPONSE_TIME] < 900", '
    '"[HEADER].server == pat(nginx*)"], warn_conditions: ["len([BODY]) < 100 or [CONNECTED] == false"]'
)


def conditions(bench, stage):
    """The same checks with five conditions and with none."""
    nginx = Nginx(stage, CHECKS)
    none = asked(bench, stage, nginx, "none", "")
    five = asked(bench, stage, nginx, "five", CONDITIONS)
    yield at_most("HTTP with five conditions: CPU ms a run", five, digits=3, beside=f"with none {none:.3f}")


def asked(bench, stage, nginx, folder, settings):
    checks = [
        Check(name_of(index), "http", f"{nginx.url(index)}/{name_of(index)}", 0.2, 0.2, settings)
        for index in range(CHECKS)
    ]
    before = len(nginx.hits())
    vitals = Vitals(stage, bench.binary, checks, folder=folder)
    eventually("runs", lambda: len(nginx.hits()) > before + 2 * CHECKS)
    begin, used = time.time(), vitals.cpu()
    time.sleep(bench.seconds(10, 60))
    end, used = time.time(), vitals.cpu() - used
    time.sleep(FLUSH)
    runs = sum(begin <= hit.time < end for hit in nginx.hits())
    passing = sum(each["state"] == "healthy" for each in vitals.all("health-checks"))
    vitals.stop()
    if passing < CHECKS:
        raise RuntimeError(f"{passing} of {CHECKS} are healthy")
    return 1000 * used / runs


def trusting(stage, certificate):
    """What starts a program that trusts our authority beside the system's, and nobody else does."""
    with open(SYSTEM_AUTHORITIES, encoding="utf-8") as file:
        bundle = file.read() + stage.read(certificate.authority)
    stage.write("authorities.pem", bundle)
    script = f'mount --bind authorities.pem {SYSTEM_AUTHORITIES} && exec "$@"'
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
