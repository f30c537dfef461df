"""Targets and receivers that nginx cannot play: `listener.py hang|answer|webhook PORT LOG ADDRESS...`

hang accepts, reads, and never says a word; answer gives 200 to everything; webhook likewise, and keeps the
body. Each writes a line a request: seconds, path, and for webhook the body.
"""

import selectors
import socket
import sys
import time


class Listener:
    def __init__(self, kind, port, log, addresses):
        self.kind = kind
        self.log = log
        self.selector = selectors.DefaultSelector()
        self.received = {}
        for address in addresses:
            server = socket.create_server((address, port), backlog=4096)
            server.setblocking(False)
            self.selector.register(server, selectors.EVENT_READ, self.accept)

    def run(self):
        while True:
            for key, _ in self.selector.select():
                key.data(key.fileobj)
            self.log.flush()

    def accept(self, server):
        while True:
            try:
                client, _ = server.accept()
            except BlockingIOError:
                return
            client.setblocking(False)
            self.received[client] = b""
            self.selector.register(client, selectors.EVENT_READ, self.read)

    def read(self, client):
        try:
            data = client.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.selector.unregister(client)
            del self.received[client]
            client.close()
            return
        self.received[client] += data
        head, separator, body = self.received[client].partition(b"\r\n\r\n")
        if separator and len(body) >= content_length(head):
            self.received[client] = b""
            self.take(client, head, body)

    def take(self, client, head, body):
        path = head.split(b" ", 2)[1].decode()
        text = " " + body.decode("utf-8", "replace").replace("\n", " ") if self.kind == "webhook" else ""
        self.log.write(f"{time.time():.3f} {path}{text}\n")
        if self.kind != "hang":
            client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


def content_length(head):
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


if __name__ == "__main__":
    kind, port, log, *addresses = sys.argv[1:]
    with open(log, "a", encoding="utf-8") as file:
        Listener(kind, int(port), file, addresses).run()
