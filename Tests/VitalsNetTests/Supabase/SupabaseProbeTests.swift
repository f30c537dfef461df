import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

extension TestNetwork {
    func supabase(
        _ peer: RealtimePeer, key: String = RealtimePeer.key, _ others: [String: Settings.Value] = [:]
    ) throws -> SupabaseProbe {
        var settings = Settings(
            target: TargetText("supabase+http://127.0.0.1:\(peer.port)"), as: "url")
        settings.set("api_key", .text(key))
        for (name, value) in others { settings.set(name, value) }
        return try SupabaseProbe(settings, userAgent: "vitals/test", loops: loops)
    }
}

@Suite("A check of Supabase Realtime")
struct SupabaseProbeTests {
    @Test("goes as far as it is told, leaves the topic that it joined, and takes its leave")
    func depths() async throws {
        let peer = try await RealtimePeer()
        let network = try TestNetwork()
        let phases: [(String, [Phase])] = [
            ("heartbeat", [.connect, .request, .firstByte, .read]),
            ("join", [.connect, .request, .firstByte, .read, .session]),
            ("broadcast", [.connect, .request, .firstByte, .read, .session, .write]),
        ]
        for (depth, expected) in phases {
            let probe = try network.supabase(peer, ["depth": .text(depth)]).writing(as: "node-1.checks")
            let result = await network.run(probe)
            #expect(result.verdict == "pass", "\(depth): \(result)")
            #expect(result.phases.map(\.phase) == expected)
            #expect(result.facts[.realtimeChecked] == .text(depth))
        }
        _ = try await eventually("the topic is left") {
            peer.server.output.contains("left realtime:vitals-node-1.checks\nclosed 1000") ? true : nil
        }
    }

    @Test("measures how long the heartbeat took")
    func roundTrip() async throws {
        let peer = try await RealtimePeer()
        let network = try TestNetwork()
        let result = await network.run(try network.supabase(peer), measuring: .all)
        #expect(result.vitals.map(\.name) == ["round_trip_seconds"])
        #expect(try #require(result.vitals.first?.value) > 0)
    }

    @Test("says by its cause why it was refused", arguments: refusals)
    func refused(behaviour: String, verdict: String, words: String) async throws {
        let peer = try await RealtimePeer()
        try peer.behave(behaviour)
        let network = try TestNetwork()
        let result = await network.run(try network.supabase(peer))
        #expect(result.verdict == verdict, "\(result)")
        #expect(result.fault?.message.contains(words) == true, "\(result)")
    }

    static let refusals = [
        (#"{"status": 540}"#, "paused in first_byte (540)", "the project is paused"),
        (#"{"status": 403}"#, "auth_failed in authenticate (403)", "is not a key of this project"),
        (#"{"status": 404}"#, "bad_configuration in first_byte (404)", "there is no Realtime"),
        (#"{"status": 429}"#, "rate_limited in first_byte (429)", "too often"),
        (#"{"status": 503}"#, "backend_unavailable in first_byte (503)", "does not reach it"),
        (#"{"status": 500}"#, "http_status in first_byte (500)", "answered 500"),
        (
            #"{"status": 403, "body": "{\"error\": \"TenantNotFound: Tenant not found: x\"}"}"#,
            "bad_configuration in first_byte (TenantNotFound)", "refused the connection with 403"
        ),
        (
            #"{"join": "JwtSignatureError: Failed to validate JWT signature"}"#,
            "auth_failed in authenticate (JwtSignatureError)", "refused the join: “JwtSignatureError"
        ),
        (
            #"{"join": "Unauthorized: You do not have permissions to read from this Channel topic"}"#,
            "privilege in session (Unauthorized)", "refused the join"
        ),
        (
            #"{"join": "RealtimeDisabledForTenant: Realtime disabled"}"#,
            "account_state in session (RealtimeDisabledForTenant)", "refused the join"
        ),
        (
            #"{"join": "ConnectionRateLimitReached: Too many connected users"}"#,
            "too_many_connections in session (ConnectionRateLimitReached)", "Too many connected users"
        ),
        (
            #"{"join": "ClientJoinRateLimitReached: Too many joins per second"}"#,
            "rate_limited in session (ClientJoinRateLimitReached)", "Too many joins"
        ),
        (
            #"{"join": "UnableToConnectToProject: Realtime was unable to connect"}"#,
            "backend_unavailable in session (UnableToConnectToProject)", "unable to connect"
        ),
        (#"{"join": "something new"}"#, "unexpected_reply in session", "refused the join: “something new”"),
        (#"{"heartbeat": "no"}"#, "unexpected_reply in read", "refused our heartbeat: “no”"),
        (#"{"garbage": "hello"}"#, "protocol_mismatch in read", "does not speak as Phoenix channels do"),
        (#"{"broadcast": "no"}"#, "unexpected_reply in write", "refused our message: “no”"),
        (
            #"{"system": "MessagePerSecondRateLimitReached: Too many messages"}"#,
            "rate_limited in write (MessagePerSecondRateLimitReached)", "refused our topic"
        ),
        (#"{"close": [1012, "restart"]}"#, "shutting_down in session (1012)", "for the reply to our join"),
        (
            #"{"close": [4000, "TenantNotFound: gone"]}"#, "bad_configuration in session (TenantNotFound)",
            "refused to go on"
        ),
    ]

    @Test(
        "names what it waited for when the time is up",
        arguments: [
            ("heartbeat", "timeout in read", "for the reply to our heartbeat"),
            ("join", "timeout in session", "for the reply to our join"),
            ("broadcast", "timeout in write", "for our own message"),
        ])
    func silent(what: String, verdict: String, words: String) async throws {
        let peer = try await RealtimePeer()
        try peer.behave("{\"silent\": \"\(what)\"}")
        let network = try TestNetwork()
        let result = await network.run(try network.supabase(peer), timeout: .seconds(3))
        #expect(result.verdict == verdict)
        #expect(result.fault?.message == "still waited \(words) when the time was up")
    }

    @Test("shows its key nowhere, whatever the server says of it")
    func secrets() async throws {
        let peer = try await RealtimePeer()
        let network = try TestNetwork()
        let probe = try network.supabase(peer, key: "wr0ng/key-s3cr3t")
        let result = await network.run(probe)
        #expect(result.verdict == "auth_failed in authenticate (401)")
        #expect(result.trace.contains("Invalid key •••"), "\(result.trace)")
        #expect(!"\(result)".contains("s3cr3t"), "\(result)")
        #expect(probe.address == "supabase+http://127.0.0.1:\(peer.port)")
        #expect(!probe.scrubbed("wr0ng%2Fkey-s3cr3t wr0ng/key-s3cr3t").contains("s3cr3t"))
        try peer.behave(#"{"join": "no entry for us3r-t0ken-s3cr3t or pr0ject-key-s3cr3t"}"#)
        let told = await network.run(
            try network.supabase(
                peer, ["private": .flag(true), "access_token": .text("us3r-t0ken-s3cr3t")]))
        #expect(told.fault?.message == "refused the join: “no entry for ••• or •••”")
    }

    @Test("asks the health address of the tenant, where nobody being connected is well")
    func health() async throws {
        let peer = try await RealtimePeer()
        let network = try TestNetwork()
        func settings(_ token: String, tenant: String = "dev") -> [String: Settings.Value] {
            let url = "http://127.0.0.1:\(peer.port)/realtime/v1/api/tenants/\(tenant)/health"
            return ["health": .object(["url": .text(url), "token": .text(token)])]
        }
        let well = await network.run(try network.supabase(peer, settings("h3alth-s3cr3t")), measuring: .all)
        #expect(well.verdict == "pass", "\(well)")
        #expect(well.facts[.tenantHealthy] == .text("yes"))
        #expect(well.facts[.databaseConnected] == .text("no"))
        #expect(well.facts[.connectedClients] == .number(0))
        #expect(well.vitals.count == 1)

        let stranger = await network.run(try network.supabase(peer, settings("0ther-s3cr3t")))
        #expect(stranger.verdict == "auth_failed in authenticate (403)")
        #expect(!"\(stranger)".contains("0ther"))
        let cases = [
            (
                #"{"health": {"data": {"healthy": false, "db_connected": false}}}"#,
                "backend_unavailable in body"
            ),
            (#"{"health": {"healthy": true}}"#, "unexpected_reply in body (200)"),
            (#"{"health_status": 404}"#, "bad_configuration in first_byte (404)"),
            (#"{"health_status": 500}"#, "http_status in first_byte (500)"),
            (#"{"health_status": 429}"#, "rate_limited in first_byte (429)"),
        ]
        for (behaviour, verdict) in cases {
            try peer.behave(behaviour)
            let result = await network.run(try network.supabase(peer, settings("h3alth-s3cr3t")))
            #expect(result.verdict == verdict, "\(behaviour): \(result)")
        }
        // What fails before is told, and the health address is not asked.
        try peer.behave(#"{"status": 540}"#)
        let paused = await network.run(try network.supabase(peer, settings("h3alth-s3cr3t")))
        #expect(paused.fault?.cause == .paused)
        #expect(paused.facts[.tenantHealthy] == nil)
    }

    @Test("is refused where a setting would do nothing, or there is no key")
    func refusedSettings() throws {
        let network = try TestNetwork()
        func error(_ url: String, _ others: [String: Settings.Value]) -> TargetError? {
            var settings = Settings(target: TargetText(url), as: "url")
            for (name, value) in others { settings.set(name, value) }
            return #expect(throws: TargetError.self) {
                try SupabaseProbe(settings, userAgent: "test", loops: network.loops)
            }
        }
        let key: [String: Settings.Value] = ["api_key": .text("k")]
        #expect(error("supabase://abc", [:])?.field == "api_key")
        #expect(error("supabase://abc", ["api_key": .text("")])?.field == "api_key")
        let shallow = key.merging(["depth": .text("heartbeat"), "private": .flag(true)]) { $1 }
        #expect(error("supabase://abc", shallow)?.field == "private")
        let health: Settings.Value = .object(["url": .text("ftp://x"), "token": .text("t")])
        #expect(error("supabase://abc", key.merging(["health": health]) { $1 })?.field == "health")
        for url in [
            "supabase://", "supabase://a.b", "supabase://abc?apikey=s3cr3t", "supabase+https://u:s3cr3t@h",
            "wss://h/", "abc", "supabase+https://h:x",
        ] {
            #expect(error(url, key)?.message.contains("s3cr3t") == false, "\(url)")
        }
    }

    @Test("is another one wherever it asks for something else, and warns of a key in the clear")
    func identity() throws {
        let network = try TestNetwork()
        func probe(_ url: String, _ others: [String: Settings.Value] = [:]) throws -> SupabaseProbe {
            var settings = Settings(target: TargetText(url), as: "url")
            settings.set("api_key", .text("k3y"))
            for (name, value) in others { settings.set(name, value) }
            return try SupabaseProbe(settings, userAgent: "test", loops: network.loops)
        }
        func health(_ token: String) -> Settings.Value {
            .object(["url": .text("http://h/health"), "token": .text(token)])
        }
        let all: [[String: Settings.Value]] = [
            [:], ["api_key": .text("other")], ["depth": .text("join")], ["depth": .text("heartbeat")],
            ["private": .flag(true)], ["private": .flag(true), "access_token": .text("a")],
            ["health": health("a")], ["health": health("b")], ["proxy": .text("http://h:1")],
        ]
        let identities = try all.map { try probe("supabase://abc", $0).identity }
        #expect(Set(identities).count == all.count)
        #expect(try probe("https://abc.supabase.co").identity == identities[0])
        #expect(try probe("supabase://abc").warnings.isEmpty)
        #expect(try probe("supabase+http://127.0.0.1:1").warnings.isEmpty)
        #expect(
            try probe("supabase+http://h", ["health": health("a")]).warnings == [
                "the key goes to ws://h unencrypted", "the token goes to http://h unencrypted",
            ])
    }

    @Test(
        "finds the socket of a project, Supabase's own or somebody else's",
        arguments: [
            ("supabase://AbcDef12", "wss://abcdef12.supabase.co/realtime/v1", "supabase://abcdef12"),
            (
                "https://abc.supabase.co", "wss://abc.supabase.co/realtime/v1",
                "supabase+https://abc.supabase.co"
            ),
            (
                "supabase+https://h.example:8443/", "wss://h.example:8443/realtime/v1",
                "supabase+https://h.example:8443"
            ),
            ("supabase+http://h:4000/socket", "ws://h:4000/socket", "supabase+http://h:4000/socket"),
            ("http://h:4000/socket/websocket", "ws://h:4000/socket", "supabase+http://h:4000/socket"),
        ])
    func addresses(text: String, url: String, shown: String) throws {
        let address = try SupabaseAddress(parsing: text, key: Secret("a/b c"))
        #expect(
            address.url.origin + address.url.requestTarget == "\(url)/websocket?apikey=a%2Fb%20c&vsn=1.0.0")
        #expect(address.shown == shown)
        #expect(address.url.redacted == "\(url)/websocket?apikey=•••&vsn=1.0.0")
    }
}
