import Testing
import VitalsCore

@testable import VitalsNet

@Suite("What is measured of MySQL")
struct MySQLVitalFormTests {
    private static let servers: [(name: String, server: DatabaseServer)] = [
        ("5.5", DatabaseServer(.mysql, .init(5, 5, 62))), ("5.7", DatabaseServer(.mysql, .init(5, 7, 44))),
        ("8.0.21", DatabaseServer(.mysql, .init(8, 0, 21))),
        ("8.0.22", DatabaseServer(.mysql, .init(8, 0, 22))), ("8.4", DatabaseServer(.mysql, .init(8, 4, 2))),
        ("10.4", DatabaseServer(.mariadb, .init(10, 4))),
        ("10.11", DatabaseServer(.mariadb, .init(10, 11, 19))),
    ]

    private func forms(_ question: VitalQuestion) -> [String] {
        Self.servers.map { name, server in
            switch question.form(server) {
            case .statement(let text): "\(name): \(text)"
            case .pointless: "\(name): -"
            case .impossible(let why): "\(name): \(why)"
            }
        }
    }

    /// The first of these texts that is in the statement for each server.
    private func marks(_ question: VitalQuestion, _ texts: String...) -> [String] {
        forms(question).map { form in texts.first { form.contains($0) } ?? form }
    }

    @Test("is asked for replication in the words of its version")
    func replication() {
        #expect(
            forms(MySQLVitals.replication) == [
                "5.5: SHOW SLAVE STATUS", "5.7: SHOW SLAVE STATUS", "8.0.21: SHOW SLAVE STATUS",
                "8.0.22: SHOW REPLICA STATUS", "8.4: SHOW REPLICA STATUS", "10.4: SHOW ALL SLAVES STATUS",
                "10.11: SHOW ALL SLAVES STATUS",
            ])
        let remedies = Self.servers.suffix(3).map { MySQLVitals.replication.remedy($0.server) }
        #expect(
            remedies == [
                "GRANT REPLICATION CLIENT ON *.* TO CURRENT_USER",
                "GRANT REPLICATION CLIENT ON *.* TO CURRENT_USER",
                "GRANT SLAVE MONITOR ON *.* TO CURRENT_USER",
            ])
    }

    @Test("is asked for its sessions where that stops the fewest")
    func sessions() throws {
        let (old, new) = ("information_schema.PROCESSLIST", "performance_schema.processlist")
        #expect(marks(MySQLVitals.sessions, old, new) == [old, old, old, new, new, old, old])
        // One waits for a lock since 2 s.
        let rows = VitalQuestion.Answer(rows: [["9", "2", "5", "4", "0", "0"]])
        let blockers = try Self.servers.map { _, server in
            try #require(MySQLVitals.sessions.then?(rows, server)).form(server)
        }
        let isNew = blockers.map { form -> Bool in
            guard case .statement(let text) = form else { return false }
            return text.contains("performance_schema.data_lock_waits")
        }
        #expect(isNew == [false, false, true, true, true, false, false])
        let idle = VitalQuestion.Answer(rows: [["0", nil, nil, "4", "0", "0"]])
        #expect(MySQLVitals.sessions.then?(idle, Self.servers[0].server) == nil)
    }

    @Test("is asked for its files, and its group, where it has them")
    func storage() {
        let sizes = marks(MySQLVitals.sizes, "INNODB_SYS_TABLESPACES", "INNODB_TABLESPACES")
        let (old, new) = ("INNODB_SYS_TABLESPACES", "INNODB_TABLESPACES")
        #expect(sizes == ["5.5: needs MySQL 5.7", old, new, new, new, old, old])
        let group = forms(MySQLVitals.group).map { $0.hasSuffix(": -") }
        #expect(group == [true, false, false, false, false, true, true])
    }

    @Test("is bounded as its version can be")
    func bounds() {
        let limited = Self.servers.map { _, server in
            MySQLVitals.preparations(for: server)[0].contains("max_execution_time")
        }
        #expect(limited == [false, true, true, true, true, false, false])
    }

    @Test(
        "tells an account as GRANT takes it",
        arguments: [
            ("monitor@%", "'monitor'@'%'"), ("o'neil@10.0.0.1", "'o''neil'@'10.0.0.1'"),
            ("a@b@localhost", "'a@b'@'localhost'"), (#"back\slash@%"#, #"'back\\slash'@'%'"#), ("@", "''@''"),
            ("bare", "'bare'@'%'"),
        ])
    func accounts(account: String, quoted: String) {
        #expect(MySQLVitals.quoted(account) == quoted)
    }

    @Test("has a name once for each vital, and fewer than a run may tell")
    func names() {
        let names = MySQLVitals.rules.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count <= 60)
    }

    // MARK: Answers

    private func replicas(_ columns: [String], _ rows: [[String?]]) -> [String: Vital] {
        let answer = VitalQuestion.Answer(
            rows: rows, columns: columns.map { VitalQuestion.Column(name: $0, kind: .text) })
        let vitals = MySQLVitals.replication.read(answer, Self.servers[4].server)
        return Dictionary(uniqueKeysWithValues: vitals.map { ($0.name, $0) })
    }

    @Test("is as far behind as its farthest channel, without what it was told to be")
    func lag() {
        let columns = [
            "Replica_IO_Running", "Replica_SQL_Running", "Seconds_Behind_Source", "SQL_Delay", "Channel_Name",
        ]
        let well = replicas(columns, [["Yes", "Yes", "40", "3600", "late"], ["Yes", "Yes", "7", "0", "b"]])
        #expect(well["replication_channels"]?.value == 2)
        #expect(well["replication_threads_stopped"]?.value == 0)
        #expect(well["replication_lag_seconds"]?.value == 7)
        let ill = replicas(columns, [["Connecting", "Yes", nil, "0", "a"], ["Yes", "No", nil, "0", "b"]])
        #expect(ill["replication_threads_stopped"]?.value == 2)
        #expect(ill["replication_lag_seconds"]?.value == nil)
        #expect(
            ill["replication_lag_seconds"]?.reason
                == "a: receiving: Connecting, applying: Yes; b: receiving: Yes, applying: No")
        #expect(replicas(columns, []).keys.sorted() == ["replication_channels"])
    }

    @Test("tells why it is not followed, without the statement, in which a password may be")
    func brokenReplication() {
        let error =
            "Error 'Operation CREATE USER failed' on query. Default database: ''. Query: 'CREATE USER x'"
        let columns = ["Slave_IO_Running", "Slave_SQL_Running", "Seconds_Behind_Master", "Last_SQL_Error"]
        let broken = replicas(columns, [["Yes", "No", nil, error]])
        let told =
            "receiving: Yes, applying: No; Error 'Operation CREATE USER failed' on query. "
            + "Default database: ''."
        #expect(broken["replication_threads_stopped"]?.detail == told)
        #expect(broken["replication_lag_seconds"]?.reason == told)
    }

    private func galera(_ status: String, _ state: String, provider: String = "Galera") -> [String: Double?] {
        let rows: VitalQuestion.Rows = [
            ["wsrep_provider_name", provider], ["wsrep_cluster_status", status], ["wsrep_ready", "ON"],
            ["wsrep_local_state", state], ["wsrep_local_state_comment", "Donor/Desynced"],
            ["wsrep_cluster_size", "3"], ["wsrep_local_recv_queue", "7"],
        ]
        let vitals = MySQLVitals.status.read(VitalQuestion.Answer(rows: rows), Self.servers[6].server)
        return Dictionary(uniqueKeysWithValues: vitals.map { ($0.name, $0.value) })
    }

    @Test("tells of a node of a Galera cluster, and nothing of a server that is none")
    func galera() {
        #expect(
            galera("Primary", "4") == [
                "galera_nodes": 3, "galera_not_primary": 0, "galera_not_ready": 0, "galera_not_synced": 0,
                "galera_receive_queue": 7,
            ])
        let cut = galera("non-Primary", "2")
        #expect(cut["galera_not_primary"] == 1 && cut["galera_not_synced"] == 1)
        #expect(galera("Disconnected", "0", provider: "").isEmpty)
    }
}
