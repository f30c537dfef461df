"""What other kinds cost: heartbeats that are heard, and probes by DNS, TLS, ICMP and WebSocket."""

import base64
import hashlib
import http.client
import json
import os
import socket
import ssl
import struct
import threading
import time
import uuid

from load import FLUSH
from report import Row, at_least, at_most
from stage import ACCOUNT, IS_ROOT, eventually, free_port
from targets import Certificate
from vitals import Check, Vitals, name_of

CHECKS = 100
# Whoever pings waits until that is recorded, so that many are needed to keep the server busy.
CLIENTS = 64


def heartbeats(bench, stage):
    ids = [str(uuid.UUID(int=1 + index)) for index in range(CHECKS)]
    checks = [
        Check(name_of(index), "heartbeat", f'{{ period: 1h, uuid: "{ids[index]}" }}', 60.0)
        for index in range(CHECKS)
    ]
    vitals = Vitals(stage, bench.binary, checks)
    seconds = bench.seconds(10, 60)
    # The same clients and connections, for an answer that nothing is recorded for.
    floor, floor_cpu, _ = asked(vitals, lambda client, turn: "/livez", seconds / 2)
    heard, cpu, last = asked(
        vitals, lambda client, turn: f"/ping/{ids[(client + turn * CLIENTS) % CHECKS]}", seconds
    )
    kept = len(json.loads(vitals.get(f"/api/v1/health-checks/{name_of(0)}/pings?limit=1000")[1])["items"])
    expected = min(1000, sum(path.endswith(ids[0]) for path in last))
    vitals.stop()
    yield at_least("heartbeats: pings a second, each answered once it is stored", heard / seconds, digits=0)
    yield at_most(
        "heartbeats: CPU s per 1,000 pings",
        1000 * cpu / heard,
        digits=3,
        beside=f"GET /livez {1000 * floor_cpu / floor:.3f}",
    )
    yield at_least("heartbeats: of the pings answered, kept", 100 * min(kept, expected) / expected, 100, "%", 1)


def asked(vitals, path, seconds):
    """How many requests were answered 200, the CPU seconds that took, and their paths."""
    answered = []
    end = time.time() + seconds

    def client(number):
        connection = http.client.HTTPConnection("127.0.0.1", vitals.port, timeout=10)
        turn = 0
        while time.time() < end:
            where = path(number, turn)
            connection.request("GET", where)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"{where} gave {response.status}")
            answered.append(where)
            turn += 1
        connection.close()

    used = vitals.cpu()
    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return len(answered), vitals.cpu() - used, answered


def measured(bench, stage, checks, count, before=()):
    """CPU seconds per 1,000 runs, and the share seen of those due; `count` says how many were seen so far."""
    vitals = Vitals(stage, bench.binary, checks, before=before)
    eventually("runs", lambda: count() > 2 * CHECKS)
    begin, seen, used = time.time(), count(), vitals.cpu()
    time.sleep(bench.seconds(10, 60))
    runs, used, lasted = count() - seen, vitals.cpu() - used, time.time() - begin
    time.sleep(FLUSH)
    passing = sum(each["state"] == "healthy" for each in vitals.all("health-checks"))
    vitals.stop()
    if passing < CHECKS:
        raise RuntimeError(f"{passing} of {CHECKS} are healthy")
    return 1000 * used / runs, 100 * runs / (CHECKS * lasted / checks[0].interval)


class NameServer:
    """Answers every question with one address, and counts."""

    def __init__(self):
        self.asked = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            question, client = self.socket.recvfrom(512)
            self.asked += 1
            end = question.index(b"\0", 12) + 5
            head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0)
            answer = struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + bytes([192, 0, 2, 1])
            self.socket.sendto(head + question[12:end] + answer, client)


def dns(bench, stage):
    server = NameServer()
    target = f'{{ name: "www.example.com", server: "127.0.0.1:{server.port}" }}'
    checks = [Check(name_of(index), "dns", target, 0.2, 0.2) for index in range(CHECKS)]
    cpu, seen = measured(bench, stage, checks, lambda: server.asked)
    floor, _ = stage.cost([stage.bring(bench.floor), "udp", "127.0.0.1", str(server.port), "1000"])
    yield at_most("DNS: CPU s per 1,000 runs", cpu, digits=3, beside=f"one datagram each way, C: {floor:.3f}")
    yield at_least("DNS: runs seen of those due", seen, 99, "%", 1)


class Handshakes:
    """Shakes hands by TLS, and counts."""

    def __init__(self, certificate):
        self.made = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate.chain, certificate.key)
        self.socket = socket.create_server(("127.0.0.1", free_port()), backlog=1024)
        self.port = self.socket.getsockname()[1]
        for _ in range(8):
            threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            try:
                client.settimeout(5)
                with self.context.wrap_socket(client, server_side=True) as connection:
                    self.made += 1
                    connection.recv(1)
            except OSError:
                client.close()


def tls(bench, stage):
    certificate = Certificate(stage, ["127.0.0.1"])
    server = Handshakes(certificate)
    target = f'{{ address: "127.0.0.1:{server.port}", ca: "{certificate.authority}" }}'
    checks = [Check(name_of(index), "tls", target, 1.0, 0.9) for index in range(CHECKS)]
    cpu, seen = measured(bench, stage, checks, lambda: server.made)
    before = server.made
    openssl, _ = stage.cost(
        ["openssl", "s_time", "-connect", f"127.0.0.1:{server.port}", "-new", "-time", "2", "-verify", "3"]
        + ["-CAfile", certificate.authority]
    )
    floor = 1000 * openssl / (server.made - before)
    yield at_most("TLS: CPU s per 1,000 handshakes", cpu, digits=3, beside=f"OpenSSL's s_time {floor:.3f}")
    yield at_least("TLS: runs seen of those due", seen, 99, "%", 1)


class Upgrades:
    """Answers pings over a WebSocket, and 200 to whoever wants none, and counts."""

    def __init__(self):
        self.answered = 0
        self.socket = socket.create_server(("127.0.0.1", free_port()), backlog=1024)
        self.port = self.socket.getsockname()[1]
        for _ in range(8):
            threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            with client:
                try:
                    client.settimeout(5)
                    self.talk(client)
                except OSError:
                    pass

    def talk(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        _, found, rest = head.partition(b"Sec-WebSocket-Key: ")
        if not found:
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nall is well here\n")
            self.answered += 1
            client.recv(1)
            return
        key = rest.split(b"\r\n")[0] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key).digest())
        client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        frame = client.recv(4096)
        if frame[:1] == b"\x89":
            mask, payload = frame[2:6], frame[6:]
            told = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
            client.sendall(bytes([0x8A, len(told)]) + told)
            self.answered += 1
            client.recv(4096)


def websocket(bench, stage):
    server = Upgrades()
    address = f"127.0.0.1:{server.port}"
    costs = {}
    for kind, target in [("websocket", f"ws://{address}/"), ("http", f"http://{address}/")]:
        checks = [Check(name_of(index), kind, target, 0.5, 0.5) for index in range(CHECKS)]
        before = server.answered
        costs[kind] = measured(bench, stage, checks, lambda before=before: server.answered - before)
    cpu, seen = costs["websocket"]
    yield at_most(
        "WebSocket: CPU s per 1,000 runs", cpu, digits=3, beside=f"a plain HTTP check {costs['http'][0]:.3f}"
    )
    yield at_least("WebSocket: runs seen of those due", seen, 99, "%", 1)


def echoes():
    """Echo requests that this machine was sent, as its kernel counts them."""
    with open("/proc/net/snmp", encoding="ascii") as file:
        lines = [line.split() for line in file if line.startswith("IcmpMsg:")]
    return int(dict(zip(*lines, strict=True)).get("InType8", "0")) if lines else 0


def may_ping():
    """Whether the kernel lets the group that everything here runs as ping."""
    with open("/proc/sys/net/ipv4/ping_group_range", encoding="ascii") as file:
        first, last = map(int, file.read().split())
    return first <= (ACCOUNT.pw_gid if IS_ROOT else os.getgid()) <= last


def icmp(bench, stage):
    if not may_ping():
        yield Row("ICMP: CPU s per 1,000 runs", None, "not measured", beside="ping_group_range forbids it")
        return
    target = '{ host: "127.0.0.1", count: 1 }'
    checks = [Check(name_of(index), "icmp", target, 0.2, 0.2) for index in range(CHECKS)]
    before = echoes()
    cpu, seen = measured(bench, stage, checks, lambda: echoes() - before)
    floor, _ = stage.cost([stage.bring(bench.floor), "icmp", "127.0.0.1", "1000"])
    yield at_most("ICMP: CPU s per 1,000 runs", cpu, digits=3, beside=f"one echo each way, C: {floor:.3f}")
    yield at_least("ICMP: runs seen of those due", seen, 99, "%", 1)
