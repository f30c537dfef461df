import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// Before ours is tried on a peer of our own, somebody else's client has to take it for a server.
@Suite("FreeTDS takes the scripted SQL Server for one")
struct SQLServerPeerTests {
    /// What `tsql` prints.
    private func tsql(
        _ peer: SQLServerPeer, _ statements: [String] = [], password: String = SQLServerPeer.password,
        encryption: String = "off"
    ) async throws -> String {
        let directory = try TemporaryDirectory("vitals-tsql")
        try directory.write(
            "freetds.conf",
            "[peer]\nhost = 127.0.0.1\nport = \(peer.port)\ntds version = 7.4\nencryption = \(encryption)\n"
        )
        try directory.write("input", (statements.map { "\($0)\ngo\n" } + ["quit\n"]).joined())
        let words = "tsql -S peer -U \(SQLServerPeer.user) -P \(password) -D shop < input"
        let client = try ChildProcess(
            ["bash", "-c", words], in: directory.path,
            environment: ["FREETDSCONF": directory.file("freetds.conf"), "LC_ALL": "C.UTF-8"],
            output: directory.file("output"))
        _ = try await client.waitForExit()
        return directory.read("output")
    }

    @Test("logs in to it, without TLS, with the login by TLS, and all by TLS")
    func login() async throws {
        let identity = try await TestAuthority().issue(for: ["127.0.0.1"])
        let (plain, secure) = (try await SQLServerPeer(), try await SQLServerPeer(identity))
        for (peer, encryption) in [(plain, "off"), (secure, "request"), (secure, "require")] {
            let output = try await tsql(peer, ["SELECT 1"], encryption: encryption)
            #expect(output.contains("(1 row affected)"), "\(encryption): \(output)")
        }
        #expect(plain.heard.first == "login monitor to shop in 74000004")
        #expect(secure.heard.filter { $0 == "login monitor to shop in 74000004 by TLS" }.count == 2)
    }

    @Test("reads rows of texts, numbers and NULL from it")
    func rows() async throws {
        let peer = try await SQLServerPeer(
            behaviour: #"""
                {"answers": [["FROM t", {"columns": ["a", "b", "c"],
                 "rows": [["grün", 7, 2.5], [null, -9007199254740993, null]]}]]}
                """#)
        let output = try await tsql(peer, ["SELECT a, b, c FROM t"])
        #expect(output.contains("a\tb\tc"), "\(output)")
        #expect(output.contains("grün\t7\t2.5"), "\(output)")
        #expect(output.contains("NULL\t-9007199254740993\tNULL"), "\(output)")
    }

    @Test("reads an error from it, and is refused by it")
    func errors() async throws {
        let peer = try await SQLServerPeer(
            behaviour: #"{"answers": [["FROM t", {"errors": [[208, 1, 16, "Invalid object name 't'."]]}]]}"#)
        let output = try await tsql(peer, ["SELECT 1 FROM t", "SELECT 1"])
        #expect(output.contains("Msg 208 (severity 16, state 1)"), "\(output)")
        #expect(output.contains("Invalid object name 't'."), "\(output)")
        #expect(output.contains("(1 row affected)"), "the session goes on: \(output)")
        let refused = try await tsql(peer, password: "other")
        #expect(refused.contains("Login failed for user 'monitor'."), "\(refused)")
    }
}
