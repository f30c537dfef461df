"""What databases and object stores behind HTTP cost a probe, beside a plain HTTP check of the same answer."""

import socket
import threading

from figures.kinds import CHECKS, measured
from report import at_least, at_most
from stage import free_port
from vitals import Check, name_of

INTERVAL = 0.2
D1 = (
    '{"errors":[],"messages":[],"success":true,"result":[{"success":true,"results":[{"1":1}],'
    '"meta":{"served_by_region":"WEUR","duration":0.2,"size_after":8192,"total_attempts":1}}]}'
)
LIST = (
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<Name>orders</Name><Prefix></Prefix><KeyCount>0</KeyCount></ListBucketResult>"
)


class Answers:
    """Answers every request with one body, and counts."""

    def __init__(self, body):
        self.made = 0
        self.answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        self.socket = socket.create_server(("127.0.0.1", free_port()), backlog=1024)
        self.port = self.socket.getsockname()[1]
        for _ in range(8):
            threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            try:
                client.settimeout(5)
                client.recv(65536)
                self.made += 1
                client.sendall(self.answer)
            except OSError:
                pass
            client.close()


def cost(bench, stage, kind, body, target):
    server = Answers(body)
    checks = [
        Check(name_of(index), kind, target(server.port, index), INTERVAL, INTERVAL) for index in range(CHECKS)
    ]
    return measured(bench, stage, checks, lambda: server.made)


def d1(port, index):
    # A key of its own for each: one key is good for 1,000 calls in five minutes.
    base = f"http://127.0.0.1:{port}/v4"
    return f'{{ url: "d1://account/database{index}", api_key: key{index}, base_url: "{base}" }}'


def services(bench, stage):
    plain, _ = cost(bench, stage, "http", D1, lambda port, index: f"http://127.0.0.1:{port}/{index}")
    for name, kind, body, target in (
        ("D1", "d1", D1, d1),
        ("Convex", "convex", "0.1.0", lambda port, index: f"convex+http://127.0.0.1:{port}"),
        ("S3", "s3", LIST, lambda port, index: f"s3+http://key:secret@127.0.0.1:{port}/bucket{index}"),
    ):
        cpu, seen = cost(bench, stage, kind, body, target)
        yield at_most(f"{name}: CPU s per 1,000 runs", cpu, digits=3, beside=f"a plain HTTP check {plain:.3f}")
        yield at_least(f"{name}: runs seen of those due", seen, 99, "%", 1)
