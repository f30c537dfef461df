import VitalsCore

/// What a server says of itself that decides whether it is written to, asked for before anything is.
struct PostgresWriteGround: Equatable {
    enum Table: Equatable {
        case missing, readable, barred
    }

    let table: Table
    /// `synchronous_standby_names`.
    let standbys: String
    /// `synchronous_commit`, as it is for us when nobody says otherwise.
    let commits: String
    /// Standbys that confirm commits now; all that are there where we may not see what they do.
    let confirming: Int
    /// Sessions that wait for them at this moment, of those whose doings we may see.
    let waiting: Int

    /// One row; what may be dear is only asked for where there are synchronous standbys. Without the right
    /// to see the doings of others all standbys count as ones that confirm, and only our own sessions are
    /// seen to wait.
    static func question(_ heartbeat: PostgresHeartbeat) -> String {
        """
        SELECT (SELECT CASE WHEN pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
        AND pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN 'readable' ELSE 'barred' END \
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        WHERE n.nspname = '\(heartbeat.schema)' AND c.relname = '\(heartbeat.name)'), \
        s.names, pg_catalog.current_setting('synchronous_commit'), \
        CASE WHEN s.names <> '' THEN (SELECT count(*) FROM pg_catalog.pg_stat_replication \
        WHERE coalesce(sync_state IN ('sync', 'quorum'), true)) END, \
        CASE WHEN s.names <> '' THEN (SELECT count(*) FROM pg_catalog.pg_stat_activity \
        WHERE wait_event = 'SyncRep') END \
        FROM (SELECT pg_catalog.current_setting('synchronous_standby_names') AS names) s
        """
    }

    /// The number of columns tells its row from others.
    static let columns = 5

    init?(row: [String?]) {
        guard row.count == Self.columns, let standbys = row[1], let commits = row[2] else { return nil }
        table =
            switch row[0] {
            case "readable": .readable
            case nil: .missing
            default: .barred
            }
        self.standbys = standbys
        self.commits = commits
        confirming = row[3].flatMap { Int($0) } ?? 0
        waiting = row[4].flatMap { Int($0) } ?? 0
    }

    /// Why commits wait for a standby that is not there; nothing: none does, as far as can be seen. Ours need
    /// not wait for that: everybody else's do.
    var stall: String? {
        guard !standbys.isEmpty, confirming < Self.needed(standbys),
            !["off", "local"].contains(commits) || waiting > 0
        else { return nil }
        let needed = Self.needed(standbys)
        let waits = waiting == 0 ? "" : "; \(waiting) \(waiting == 1 ? "session waits" : "sessions wait")"
        return "commits wait for a synchronous standby that is not there: synchronous_standby_names is "
            + "'\(standbys)', which needs \(needed), and \(confirming) "
            + (confirming == 1 ? "confirms" : "confirm") + waits
    }

    /// Why our row may be locked; nothing: for a reason of others.
    var lockedByStall: String? {
        if let stall { return stall }
        guard waiting > 0 else { return nil }
        return "the row is locked by a session whose commit waits for a synchronous standby: "
            + "synchronous_standby_names is '\(standbys)', \(waiting) \(waiting == 1 ? "waits" : "wait")"
    }

    /// How many standbys have to confirm a commit: the number in `FIRST 2 (a, b)`, `ANY 1 (*)` or
    /// `2 (a, b, c)`; one where none is written.
    static func needed(_ names: String) -> Int {
        let head = names.prefix { $0 != "(" }
        guard head.endIndex < names.endIndex else { return 1 }
        return head.split(separator: " ").last.flatMap { Int($0) } ?? 1
    }
}
