import VitalsCore

/// What a server says of itself that decides whether it is written to, asked for before anything is. Of what
/// it would not say nothing is known, and it is tried.
struct MySQLWriteGround: Sendable, Equatable {
    enum Table: Sendable, Equatable {
        /// Not there, or we may see nothing of it.
        case missing
        /// - Parameter engine: one without transactions; nothing: it has them, or it is not known.
        case there(rigid: String?)
    }

    /// A session of an earlier run that has not ended.
    enum Leftover: Sendable, Equatable {
        case unknown
        /// - Parameter state: in the server's words; may be empty.
        case seen(connection: String, seconds: String, state: String)
    }

    var table: Table?
    var leftover: Leftover?
    var semiSync: MySQLSemiSync?

    /// Why nothing is to be written: ours would wait as well, and leave a session behind that holds its row.
    var stall: MySQLVerdict? {
        if let leftover {
            let message = "the write of an earlier run has not ended at the server" + leftover.words
            guard let semiSync, semiSync.isShort else { return MySQLVerdict(.timeout, message) }
            return MySQLVerdict(.commitStalled, "\(message); \(semiSync.want)")
        }
        return semiSync?.stall.map { MySQLVerdict(.commitStalled, $0) }
    }

    init() {}

    /// - Parameter rows: those of `MySQLHeartbeat.ground`.
    static func table(_ rows: MySQLRows) -> Table? {
        guard rows.columns.contains("engine") else { return nil }
        guard rows.count > 0 else { return .missing }
        return .there(rigid: rows.first("transactions") == "NO" ? rows.first("engine").map(shown) : nil)
    }

    /// - Parameter rows: those of `MySQLHeartbeat.holder`.
    static func leftover(_ rows: MySQLRows) -> Leftover {
        guard let connection = rows.first("id"), let seconds = rows.first("seconds") else { return .unknown }
        return .seen(
            connection: shown(connection), seconds: shown(seconds), state: shown(rows.first("state") ?? ""))
    }

    /// What a server says may be of any length.
    private static func shown(_ text: String) -> String { Printable.prefix(text, bytes: 100) }
}

extension MySQLWriteGround.Leftover {
    /// For people, behind what it is.
    fileprivate var words: String {
        guard case .seen(let connection, let seconds, let state) = self else { return "" }
        return ": connection \(connection) has been at it for \(seconds) s"
            + (state.isEmpty ? "" : " (\(state))")
    }
}

/// Semi-synchronous replication: whether commits wait for replicas, and for how many.
struct MySQLSemiSync: Sendable, Equatable {
    /// Whether commits wait now; a server that has waited in vain gives it up until a replica is there.
    let isOn: Bool
    /// Replicas that confirm commits.
    let clients: Int
    /// Sessions that wait for them at this moment.
    let waiting: Int
    /// How many replicas have to confirm a commit.
    var needed = 1
    /// How long a commit waits before the server gives it up; nothing: not known.
    var patience: Duration?

    /// Commits that wait for longer are as good as lost, also where nobody happens to wait for one.
    private static let longestPatience = Duration.seconds(60)

    /// - Parameter rows: of SHOW GLOBAL STATUS; the names differ by who has which part in them.
    /// - Returns: nothing where the server has no such thing.
    init?(status rows: MySQLRows) {
        guard let status = Self.value("status", of: rows) else { return nil }
        isOn = status == "ON"
        clients = Self.value("clients", of: rows).flatMap { Int($0) } ?? 0
        waiting = Self.value("wait_sessions", of: rows).flatMap { Int($0) } ?? 0
    }

    /// - Parameter rows: of SHOW GLOBAL VARIABLES.
    mutating func learn(variables rows: MySQLRows) {
        let count = ["wait_for_slave_count", "wait_for_replica_count"].lazy
            .compactMap { Self.value($0, of: rows) }.first
        needed = count.flatMap { Int($0) } ?? needed
        patience = Self.value("timeout", of: rows).flatMap { Int64($0) }.map { .milliseconds($0) }
    }

    private static func value(_ name: String, of rows: MySQLRows) -> String? {
        let names = ["master", "source"].map { "rpl_semi_sync_\($0)_\(name)" }
        return rows.values.first { row in row.text(0).map { names.contains($0.lowercased()) } == true }?
            .text(1)
    }

    /// Whether commits wait for a replica that is not there.
    var isShort: Bool { isOn && clients < needed }

    /// Why commits do not end; nothing: they do, as far as can be seen. While nobody waits, and the server
    /// would give it up before long, one has to be tried: that is what makes the server give it up.
    var stall: String? {
        guard isShort, waiting > 0 || (patience ?? .zero) >= Self.longestPatience else { return nil }
        let waits = waiting == 0 ? "" : "; \(waiting) \(waiting == 1 ? "session waits" : "sessions wait")"
        return "commits wait for a semi-synchronous replica that is not there: " + want + waits
    }

    /// For people.
    var want: String {
        let limit = patience.map { ", for \($0.shortText) at most" } ?? ""
        return "\(needed) \(needed == 1 ? "has" : "have") to confirm each\(limit), and \(clients) "
            + (clients == 1 ? "is connected" : "are connected")
    }
}
