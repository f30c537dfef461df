import Testing
import VitalsCore
import VitalsTesting

/// The pages about SQL Server, a file each: on a scripted peer, since there is no server to be had.
@Suite("Fault book: SQL Server", .oneOfAFew)
struct SQLServerFaults {
    /// A check that reads.
    static func reading(_ peer: SQLServerPeer, _ query: String? = nil) -> String {
        "sqlserver: \"\(query.map { peer.target($0) } ?? peer.target())\""
    }

    /// A check with more settings than its target.
    static func check(_ peer: SQLServerPeer, _ settings: String) -> String {
        "sqlserver: { dsn: \"\(peer.target())\", \(settings) }"
    }

    /// A page whose fault is that the peer behaves in another way.
    static func turn(
        _ expected: ExpectedFault, when behaviour: String,
        check: (SQLServerPeer) -> String = { reading($0) }
    ) async throws {
        let peer = try await SQLServerPeer()
        let page = FaultPage(
            check: check(peer), expected: expected, breaking: { try peer.behave(behaviour) },
            mending: { try peer.behave("{}") })
        try await page.turn()
        await peer.stop()
    }

    /// What a peer does that refuses a login.
    static func refusing(_ errors: (number: Int, severity: Int, text: String)...) -> String {
        let list = errors.map { "[\($0.number), 1, \($0.severity), \"\($0.text)\"]" }
        return "{\"login\": [\(list.joined(separator: ", "))]}"
    }

    /// What a peer does that answers a batch in another way.
    static func answering(_ part: String, _ answer: String) -> String {
        "{\"answers\": [[\"\(part)\", \(answer)]]}"
    }
}
