import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The SQL Server probe")
struct SQLServerProbeTests {
    private static func peer(_ behaviour: String = "{}") async throws -> SQLServerPeer {
        try await SQLServerPeer(behaviour: behaviour)
    }

    @Test("logs in, asks who the server is, and reads")
    func pass() async throws {
        let peer = try await Self.peer()
        let result = try await SQLServerHarness.probe(peer.target())
        #expect(result.verdict == "pass")
        #expect(result.facts[.serverVersion] == .text("16.0.4105.2"))
        #expect(result.facts[.serverFlavour] == .text("SQL Server Developer Edition"))
        #expect(result.facts[.role] == .text("primary"))
        #expect(result.facts[.systemIdentifier] == .text("6F9619FF-8B86-D011-B42D-00C04FC964FF"))
        #expect(result.phases.map(\.phase) == [.connect, .greeting, .authenticate, .session, .read])
        let heard = peer.heard
        #expect(heard.first == "login monitor to shop in 74000004")
        #expect(heard.count == 3)
        #expect(
            heard.dropFirst().first?.hasPrefix("batch SET LOCK_TIMEOUT 1000; SET DEADLOCK_PRIORITY -10;")
                == true)
        #expect(heard.last == "batch SELECT 1")
    }

    @Test("says of itself what the target says", arguments: [true, false])
    func login(isReadOnly: Bool) async throws {
        let peer = try await Self.peer()
        let query =
            "?database=b%C3%BCcher&encrypt=disable" + (isReadOnly ? "&ApplicationIntent=ReadOnly" : "")
        let result = try await SQLServerHarness.probe(peer.target(query))
        #expect(result.verdict == "pass")
        #expect(
            peer.heard.first == "login monitor to bücher in 74000004" + (isReadOnly ? " for reading" : ""))
    }

    @Test("takes a password of any characters")
    func passwords() async throws {
        let peer = try await Self.peer(#"{"password": "p;ä}ß %\u20ac\ud83d\ude00'\""}"#)
        let settings =
            "Server=127.0.0.1,\(peer.port);User Id=monitor;Password={p;ä}}ß %€😀'\"};Encrypt=disable"
        #expect(try await SQLServerHarness.probe(settings).verdict == "pass")
    }

    @Test(
        "tells the part that the database has",
        arguments: [
            (#"{"updateability": "READ_WRITE"}"#, "primary", false),
            (#"{"updateability": "READ_ONLY"}"#, "replica", false),
            (#"{"updateability": "READ_ONLY", "in_group": 1}"#, "replica", false),
            (#"{"updateability": "READ_ONLY", "read_only": 1}"#, "primary", true),
        ])
    func role(identity: String, role: String, isReadOnly: Bool) async throws {
        let peer = try await Self.peer("{\"identity\": \(identity)}")
        let result = try await SQLServerHarness.probe(peer.target())
        #expect(result.verdict == "pass")
        #expect(result.facts[.role] == .text(role))
        #expect((result.facts[.readOnly] != nil) == isReadOnly)
        let other = role == "primary" && !isReadOnly ? "replica" : "primary"
        let wanted = Settings(["role": .text(TargetText(other))])
        #expect(try await SQLServerHarness.probe(peer.target(), wanted).verdict == "role_mismatch in session")
    }

    @Test("does without what the server will not say of itself")
    func shy() async throws {
        let peer = try await Self.peer(
            #"{"answers": [["SERVERPROPERTY", {"errors": [[229, 1, 14, "permission denied"]]}]]}"#)
        let result = try await SQLServerHarness.probe(peer.target())
        #expect(result.verdict == "pass")
        #expect(result.facts[.role] == nil)
        #expect(result.facts[.serverVersion] == .text("16.0.4105"), "of its first answer")
    }

    @Test(
        "tells apart why it is not let in",
        arguments: [
            (#"[[18456, 1, 14, "Login failed for user 'monitor'."]]"#, "auth_failed in authenticate (18456)"),
            (#"[[18456, 18, 14, "no"]]"#, "account_state in authenticate (18456)"),
            (#"[[18486, 1, 14, "locked"]]"#, "account_state in authenticate (18486)"),
            (#"[[4060, 1, 11, "Cannot open"], [18456, 1, 14, "no"]]"#, "db_missing in session (4060)"),
            (
                #"[[983, 1, 14, "in a group"], [4060, 1, 11, "Cannot open"], [18456, 1, 14, "no"]]"#,
                "db_not_accepting in session (983)"
            ),
            (#"[[40613, 1, 17, "not currently available"]]"#, "starting_up in authenticate (40613)"),
            (#"[[17142, 1, 14, "paused"]]"#, "shutting_down in authenticate (17142)"),
            (#"[[17809, 1, 20, "too many"]]"#, "too_many_connections in authenticate (17809)"),
            (#"[[40615, 1, 14, "firewall"]]"#, "host_blocked in authenticate (40615)"),
            (#"[[18461, 1, 14, "single user"]]"#, "db_not_accepting in authenticate (18461)"),
        ])
    func refused(errors: String, verdict: String) async throws {
        let peer = try await Self.peer("{\"login\": \(errors)}")
        #expect(try await SQLServerHarness.probe(peer.target()).verdict == verdict)
    }

    @Test(
        "tells the state of a database that lets us in",
        arguments: [
            ("SUSPECT", "corruption in session"),
            ("EMERGENCY", "corruption in session"),
            ("RECOVERING", "starting_up in session"),
            ("OFFLINE", "db_not_accepting in session"), ("DEFUNCT", "pass"),
        ])
    func states(status: String, verdict: String) async throws {
        let peer = try await Self.peer("{\"identity\": {\"status\": \"\(status)\"}}")
        #expect(try await SQLServerHarness.probe(peer.target()).verdict == verdict)
    }

    @Test(
        "tells what strikes while it reads",
        arguments: [
            (#"{"errors": [[824, 2, 24, "torn page"]]}"#, "corruption in read (824)"),
            (#"{"errors": [[1222, 51, 16, "Lock request time out"]]}"#, "lock_timeout in read (1222)"),
            (#"{"errors": [[1205, 51, 13, "deadlock"]]}"#, "deadlock in read (1205)"),
            (#"{"errors": [[596, 1, 21, "kill state"]]}"#, "shutting_down in read (596)"),
            (#"{"close": true}"#, "reset in read"),
            (#"{"columns": [""], "rows": [[2]]}"#, "unexpected_reply in read"),
        ])
    func reading(answer: String, verdict: String) async throws {
        // The question who it is holds the same words.
        let peer = try await Self.peer("{\"answers\": [\(Self.identity)[\"SELECT 1\", \(answer)]]}")
        #expect(try await SQLServerHarness.probe(peer.target()).verdict == verdict)
    }

    private static let identity =
        #"["SERVERPROPERTY", {"columns": ["version"], "rows": [["16.0.1.1"]]}], "#

    @Test("asks the server to give up what it waited for in vain")
    func attention() async throws {
        let peer = try await Self.peer("{\"answers\": [\(Self.identity)[\"SELECT 1\", {\"hang\": true}]]}")
        let result = try await SQLServerHarness.probe(peer.target(), timeout: .seconds(2))
        #expect(result.verdict == "timeout in read")
        try await eventually(that: "the server was told") { peer.heard.last == "attention" }
    }

    @Test("never shows the password, whatever the peer makes of it")
    func secret() async throws {
        let peer = try await Self.peer(#"{"login": [[18456, 1, 14, "is s3cr3t the password?"]]}"#)
        let result = try await SQLServerHarness.probe(peer.target())
        #expect(result.verdict == "auth_failed in authenticate (18456)")
        #expect(!"\(result)".contains("s3cr3t"))
        #expect(result.fault?.message.contains("•••") == true)
    }

    @Test("is in the registry, under both names of its scheme")
    func registered() async throws {
        let clock = MachineClock(wall: { wallClock() }, boot: { wallClock().microseconds })
        let network = try Network(version: "test", clock: clock)
        let form = try #require(network.forms.first { $0.kind == SQLServerProbe.kind })
        #expect(form.schemes == ["sqlserver", "mssql"])
        let probe = try form.make("mssql://u:pencil@DB1.example.com?database=d")
        #expect(probe.endpoint == "db1.example.com:1433")
        #expect(!probe.address.contains("pencil"))
        #expect(probe.identity.contains("pencil"))
        #expect(probe.scrubbed("a pencil") == "a •••")
        #expect(throws: TargetError.self) { try form.make("sqlserver://u:p@ss@h") }
        #expect(form.refusesQuery("SELECT 1") == nil)
        #expect(form.refusesQuery("EXEC p") != nil)
        try await network.shutdown()
    }

    @Test("is another target when it writes, or writes elsewhere")
    func identity() async throws {
        let network = try TestNetwork()
        func identity(_ settings: Settings) throws -> String {
            try SQLServerProbe(parsing: "sqlserver://u:p@h", settings, loops: network.loops).identity
        }
        let table: [String: Settings.Value] = ["table": .text(TargetText("a.b"))]
        let identities = try [
            identity(Settings()), identity(SQLServerHarness.writing()),
            identity(SQLServerHarness.writing(table)),
        ]
        #expect(Set(identities).count == 3)
        let part = Settings(["role": .text(TargetText("primary"))])
        #expect(try identity(part) == identities[0])
        let wrong: [String: Settings.Value] = ["table": .text(TargetText("heartbeat"))]
        #expect(throws: TargetError.self) { try identity(SQLServerHarness.writing(wrong)) }
    }

    @Test("gives up what it measures too slowly, and its verdict stands")
    func slowVitals() async throws {
        let peer = try await Self.peer(
            #"{"answers": [["dm_os_performance_counters", {"hang": true}]]}"#)
        let result = try await SQLServerHarness.measure(peer.target(), within: .milliseconds(500))
        #expect(result.fault == nil)
        #expect(result.vitals.first { $0.name == "connections" }?.value == nil)
        #expect(result.vitals.contains { $0.name == "size_bytes" && $0.reason != nil })
        try await eventually(that: "the server was told") { peer.heard.last == "attention" }
    }

    @Test("follows a gateway to the server that it names, once")
    func routing() async throws {
        let server = try await Self.peer()
        let gateway = try await Self.peer("{\"route\": [\"127.0.0.1\", \(server.port)]}")
        let result = try await SQLServerHarness.probe(gateway.target())
        #expect(result.verdict == "pass")
        #expect(result.facts[.role] == .text("primary"))
        #expect(result.phases.filter { $0.phase == .authenticate }.count == 1)
        #expect(gateway.heard.count == 1)
        #expect(server.heard.count == 3)
        try server.behave("{\"route\": [\"127.0.0.1\", \(gateway.port)]}")
        let lost = try await SQLServerHarness.probe(gateway.target())
        #expect(lost.verdict == "backend_unavailable in authenticate (routing)")
        #expect(gateway.heard.count == 2, "not in a circle")
    }
}
