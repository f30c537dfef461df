import Glibc

/// A real WebSocket server, the one of Python's `websockets`, on the loopback. What it does is said by the
/// path:
///
/// | path | |
/// |---|---|
/// | `/echo` | says again what it is told |
/// | `/greet` | says `Request served by 1` first |
/// | `/pieces` | says again what it is told, in fragments with a ping between them |
/// | `/mute` | says nothing |
/// | `/deaf` | echoes, and answers no ping |
/// | `/bye?with=1013&reason=x` | closes so at the first message |
/// | `/raw?hex=8100` | writes these bytes after the handshake; with `&slow=1` one every 20 ms |
/// | `/endless` | sends frames without an end |
/// | `/hangup` | hangs up without a close frame |
/// | `/login` | wants `Authorization: Bearer t0ken-s3cr3t` |
/// | `/headers` | says which headers it was asked with |
/// | `/status?with=403` | answers so instead of opening a WebSocket |
/// | `/told` | what `behave` says |
package final class WebSocketServer: Sendable {
    package let port: Int
    package let server: RunningServer
    private let directory: TemporaryDirectory

    /// - Parameters:
    ///   - certificate: of a server with TLS, with its key: paths of PEM files.
    ///   - port: default: a free one.
    package init(certificate: (chain: String, key: String)? = nil, port: Int? = nil) async throws {
        directory = try TemporaryDirectory("vitals-websocket")
        let port = try port ?? freePort()
        self.port = port
        try directory.write("server.py", Self.program)
        try directory.write("told", "/echo")
        let tls = certificate.map { [$0.chain, $0.key] } ?? []
        server = try await RunningServer(
            ["/usr/bin/python3", "-u", "server.py", "\(port)"] + tls, in: directory, listeningOn: port)
    }

    /// What a client of `/told` meets from the next connection on: one of the other paths.
    package func behave(_ path: String) throws {
        try directory.write("told.next", path)
        // At once, so that no connection reads half of it.
        guard rename(directory.file("told.next"), directory.file("told")) == 0 else {
            throw NeverHappened(description: "the path was not renamed: \(errno)")
        }
    }

    private static let program = #"""
        import asyncio, http, json, ssl, sys, urllib.parse
        from websockets.legacy.server import WebSocketServerProtocol, serve

        def meant(path):
            return open("told").read() if path == "/told" else path

        class Status:
            def __init__(self, code):
                self.value, self.phrase = code, "Whatever"

            def __eq__(self, other):
                return self.value == getattr(other, "value", other)

        class Protocol(WebSocketServerProtocol):
            async def pong(self, data=b""):
                if not meant(self.path).startswith("/deaf"):
                    await super().pong(data)

        async def login(path, headers):
            path = meant(path)
            if path.startswith("/status?with="):
                return Status(int(path[13:])), [], b""
            if path == "/login" and headers.get("Authorization") != "Bearer t0ken-s3cr3t":
                told = "no login for " + headers.get("Authorization", "nobody")
                return http.HTTPStatus.UNAUTHORIZED, [], told.encode()

        async def talk(socket):
            url = urllib.parse.urlsplit(meant(socket.path))
            asked = dict(urllib.parse.parse_qsl(url.query))
            if url.path == "/greet":
                await socket.send("Request served by 1")
            if url.path == "/headers":
                await socket.send(json.dumps(dict(socket.request_headers.raw_items())))
            if url.path == "/hangup":
                # Not close(): what the client still says would make it a reset.
                socket.transport.write_eof()
                await socket.wait_closed()
            if url.path == "/raw":
                for byte in bytes.fromhex(asked["hex"]):
                    socket.transport.write(bytes([byte]))
                    if "slow" in asked:
                        await asyncio.sleep(0.02)
                await socket.wait_closed()
            while url.path == "/endless":
                socket.transport.write(b"\x89\x00" * 1000)
                await asyncio.sleep(0)
                if socket.transport.is_closing():
                    return
            async for message in socket:
                if url.path == "/bye":
                    await socket.close(int(asked["with"]), asked.get("reason", ""))
                elif url.path == "/pieces":
                    half = len(message) // 2
                    async def pieces():
                        yield message[:half]
                        await socket.ping()
                        yield message[half:]
                    await socket.send(pieces())
                elif url.path != "/mute":
                    await socket.send(message)

        async def handle(socket):
            try:
                await talk(socket)
            finally:
                await socket.wait_closed()
                print("closed", socket.close_code, flush=True)

        async def main():
            tls = None
            if len(sys.argv) > 2:
                tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                tls.load_cert_chain(sys.argv[2], sys.argv[3])
            async with serve(
                handle, "127.0.0.1", int(sys.argv[1]), create_protocol=Protocol, process_request=login,
                subprotocols=["chat.v2", "chat.v1"], ssl=tls, max_size=None,
            ):
                await asyncio.Future()

        asyncio.run(main())
        """#
}
