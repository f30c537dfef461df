import Testing
import VitalsTesting

@Suite("vitals check, over a WebSocket", .oneOfAFew)
struct SocketCheckTests {
    @Test("asks a WebSocket server: 0 with its round trip, 2 where it does otherwise, 3 without a login")
    func webSocket() async throws {
        try await Stage.run { stage in
            let server = try await WebSocketServer()
            let url = "ws://127.0.0.1:\(server.port)"
            let good = try await VitalsProgram.run(
                [
                    "check", "\(url)/echo", "--vitals", "--json", "--set", "steps.0.send=hello",
                    "--condition", "[BODY] == hello",
                ], on: stage)
            #expect(good.exitCode == 0, "\(good)")
            let json = try JSONValue(parsing: good.output)
            #expect(json["kind"].string == "websocket")
            #expect(json["vitals"].items.map { $0["name"].string } == ["round_trip_seconds"])
            #expect(json["phases_ms"].names.isSuperset(of: ["connect", "first_byte", "read"]))

            let bad = try await VitalsProgram.run(
                ["check", "\(url)/echo", "--set", "steps.0.send=hello", "--set", "steps.0.equals=other"]
                    + ["--timeout", "3s"], on: stage)
            #expect(bad.exitCode == 2, "\(bad)")
            #expect(bad.output.contains("expected “other” within the timeout, but “hello” came"))
            let stranger = try await VitalsProgram.run(["check", "\(url)/login"], on: stage)
            #expect(stranger.exitCode == 3, "\(stranger)")
            #expect(stranger.output.contains("--set bearer="))
        }
    }

    @Test("asks Supabase Realtime with a key that it never shows; a paused project is a warning")
    func supabase() async throws {
        try await Stage.run { stage in
            let peer = try await RealtimePeer()
            let url = "supabase+http://127.0.0.1:\(peer.port)"
            let key = ["--set", "api_key=\(RealtimePeer.key)"]
            let good = try await VitalsProgram.run(["check", url, "--json"] + key, on: stage)
            #expect(good.exitCode == 0, "\(good)")
            #expect(try JSONValue(parsing: good.output)["facts"]["realtime_checked"].string == "broadcast")

            let without = try await VitalsProgram.run(["check", url], on: stage)
            #expect(without.exitCode == 3)
            #expect(without.errors.contains("without a key of the project"), "\(without)")
            let wrong = try await VitalsProgram.run(
                ["check", url, "--json", "--set", "api_key=an0ther-s3cr3t"], on: stage)
            #expect(wrong.exitCode == 3, "\(wrong)")
            #expect(!(wrong.output + wrong.errors).contains("s3cr3t"))

            try peer.behave(#"{"status": 540}"#)
            let paused = try await VitalsProgram.run(["check", url] + key, on: stage)
            #expect(paused.exitCode == 1, "\(paused)")
            #expect(paused.output.contains("the project is paused"))
            #expect(paused.output.contains("Its owner restores it"))
        }
    }
}
