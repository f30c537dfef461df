import Glibc

/// A peer that speaks as Supabase Realtime does, on the WebSockets of Python's `websockets`; what it refuses
/// is said while it runs. (The real one takes a cluster of its own; Supabase's own client for Python takes
/// this one for it: `SupabasePeerTests`.)
package final class RealtimePeer: Sendable {
    package let port: Int
    package let server: RunningServer
    private let directory: TemporaryDirectory

    /// The key of its project.
    package static let key = "pr0ject-key-s3cr3t"

    package init() async throws {
        directory = try TemporaryDirectory("vitals-realtime")
        port = try freePort()
        try directory.write("peer.py", Self.program)
        try directory.write("behaviour.json", "{}")
        server = try await RunningServer(
            ["/usr/bin/python3", "-u", "peer.py", "\(port)", Self.key], in: directory, listeningOn: port)
    }

    /// What it does from the next connection on, as JSON. Default of each: as a server that is well.
    ///
    /// | member | |
    /// |---|---|
    /// | `status`, `body` | answers so instead of opening a WebSocket |
    /// | `silent` | `heartbeat`, `join` or `broadcast`: what is not answered |
    /// | `heartbeat`, `join`, `broadcast` | the reason why it is refused |
    /// | `system` | an error that it tells of the topic once that is joined |
    /// | `close` | a code and a reason, with which it closes at the join |
    /// | `health` | what its health address says, and `health_status` with which |
    /// | `garbage` | what it says to the heartbeat |
    package func behave(_ json: String) throws {
        try directory.write("behaviour.next", json)
        // At once, so that no connection reads half of it.
        guard rename(directory.file("behaviour.next"), directory.file("behaviour.json")) == 0 else {
            throw NeverHappened(description: "the behaviour was not renamed: \(errno)")
        }
    }

    private static let program = #"""
        import asyncio, http, json, sys, urllib.parse
        from websockets.legacy.server import WebSocketServerProtocol, serve

        class Status:
            def __init__(self, code):
                self.value, self.phrase = code, "Whatever"

            def __eq__(self, other):
                return self.value == getattr(other, "value", other)

        def behaviour():
            with open("behaviour.json") as file:
                return json.load(file)

        async def request(path, headers):
            does = behaviour()
            url = urllib.parse.urlsplit(path)
            asked = dict(urllib.parse.parse_qsl(url.query))
            if url.path == "/realtime/v1/api/tenants/dev/health":
                if headers.get("Authorization") != "Bearer h3alth-s3cr3t":
                    return Status(403), [], b""
                well = {"healthy": True, "db_connected": False, "connected_cluster": 0}
                told = json.dumps(does.get("health", {"data": well}))
                return Status(does.get("health_status", 200)), [], told.encode()
            if "status" in does:
                return Status(does["status"]), [], does.get("body", "").encode()
            if url.path != "/realtime/v1/websocket":
                return Status(404), [], b""
            if asked.get("apikey") != sys.argv[2]:
                told = json.dumps({"message": "Invalid key " + asked.get("apikey", "")})
                return Status(401), [], told.encode()

        async def talk(socket):
            does = behaviour()
            configs = {}

            async def say(event, topic, payload, ref=None):
                told = {"event": event, "topic": topic, "payload": payload, "ref": ref}
                await socket.send(json.dumps(told))

            async def reply(asked, status="ok", response={}):
                told = {"status": status, "response": response}
                await say("phx_reply", asked["topic"], told, asked.get("ref"))

            async for text in socket:
                asked = json.loads(text)
                topic, event = asked["topic"], asked["event"]
                what = {"phx_join": "join"}.get(event, event)
                if does.get("silent") == what:
                    continue
                if what == "join" and "close" in does:
                    await socket.close(*does["close"])
                    return
                if what == "heartbeat" and "garbage" in does:
                    await socket.send(does["garbage"])
                elif what in does:
                    await reply(asked, "error", {"reason": does[what]})
                elif what == "heartbeat":
                    assert topic == "phoenix"
                    await reply(asked)
                elif what == "join":
                    assert topic.startswith("realtime:")
                    configs[topic] = asked["payload"]["config"]
                    await reply(asked, response={"postgres_changes": []})
                    if "system" in does:
                        told = {"channel": topic[9:], "extension": "system", "status": "error"}
                        await say("system", topic, told | {"message": does["system"]})
                    else:
                        await say("presence_state", topic, {})
                elif what == "broadcast" and topic in configs:
                    if configs[topic]["broadcast"]["self"]:
                        payload = asked["payload"]
                        await say("broadcast", topic, payload)
                elif event == "phx_leave":
                    configs.pop(topic, None)
                    print("left", topic, flush=True)
                    await reply(asked)

        async def handle(socket):
            try:
                await talk(socket)
            finally:
                await socket.wait_closed()
                print("closed", socket.close_code, flush=True)

        async def main():
            async with serve(
                handle, "127.0.0.1", int(sys.argv[1]), create_protocol=WebSocketServerProtocol,
                process_request=request,
            ):
                await asyncio.Future()

        asyncio.run(main())
        """#
}
