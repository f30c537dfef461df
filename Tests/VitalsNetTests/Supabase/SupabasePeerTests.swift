import Foundation
import Testing
import VitalsTesting

/// The peer of the other suites stands for a cluster that no test can have: it is tried first by Supabase's
/// own client, which is not ours.
@Suite("The peer that stands for Supabase Realtime")
struct SupabasePeerTests {
    static let python = URL(filePath: #filePath)
        .appending(path: "../../../../.build/realtime/bin/python").standardized.path

    @Test("is taken for it by Supabase's own client for Python")
    func accepted() async throws {
        let peer = try await RealtimePeer()
        let directory = try TemporaryDirectory("vitals-realtime-client")
        try directory.write("client.py", Self.program)
        let url = "ws://127.0.0.1:\(peer.port)/realtime/v1"
        let output = try await run([Self.python, "client.py", url, RealtimePeer.key], in: directory)
        #expect(output.contains("joined SUBSCRIBED"), "\(output)")
        #expect(output.contains("heard {'token': 't'}"), "\(output)")

        try peer.behave(#"{"join": "Unauthorized: You do not have permissions"}"#)
        let refused = try await run([Self.python, "client.py", url, RealtimePeer.key], in: directory)
        #expect(refused.contains("joined CHANNEL_ERROR"), "\(refused)")
    }

    private static let program = """
        import asyncio, sys
        from realtime import AsyncRealtimeClient

        async def main():
            client = AsyncRealtimeClient(sys.argv[1], sys.argv[2], auto_reconnect=False)
            await client.connect()
            loop = asyncio.get_running_loop()
            heard, joined = loop.create_future(), loop.create_future()
            channel = client.channel("own", {"config": {
                "broadcast": {"ack": False, "self": True}, "presence": {"key": "", "enabled": False},
                "private": False}})
            channel.on_broadcast("x", lambda told: heard.set_result(told["payload"]))
            await channel.subscribe(lambda state, error: joined.done() or joined.set_result(state))
            state = await asyncio.wait_for(joined, 20)
            print("joined", state.value)
            if state.value == "SUBSCRIBED":
                await channel.send_broadcast("x", {"token": "t"})
                print("heard", await asyncio.wait_for(heard, 20))
            await client.close()

        asyncio.run(main())
        """
}
