import VitalsCore

/// What is measured of a SQL Server besides that it answers: one question a file, or a few that belong
/// together.
///
/// Whoever may not see the server's state is refused by its views of the operating system (300), and that is
/// wanted: the views of sessions would show our own, and say nothing of the rest. So each question about
/// sessions has one of the former in it.
enum SQLServerVitals {
    static let questions: [VitalQuestion] = [
        counters, workers, resources, sessions, databases, log, group, storage, volumes, suspectPages,
        backups,
    ]

    static let rules: [VitalRule] = questions.flatMap(\.rules) + [CertificateVital.rule]

    /// What changes from one minute to the next.
    static let quick = Duration.seconds(60)
    static let slow = Duration.seconds(300)

    /// What lets our user see the state of the server, or of its database where no server is to be seen.
    @Sendable
    static func stateRight(_ server: DatabaseServer) -> String {
        guard server.flavour == .sqlserver else { return databaseStateRight(server) }
        // From 2022 on there is a narrower one.
        return server.isAtLeast(16)
            ? "GRANT VIEW SERVER PERFORMANCE STATE TO CURRENT_USER"
            : "GRANT VIEW SERVER STATE TO CURRENT_USER"
    }

    @Sendable
    static func databaseStateRight(_ server: DatabaseServer) -> String {
        server.flavour == .sqlserver && server.isAtLeast(16)
            ? "GRANT VIEW DATABASE PERFORMANCE STATE TO CURRENT_USER"
            : "GRANT VIEW DATABASE STATE TO CURRENT_USER"
    }

    /// What only a server has that is one, and not a database of Azure's.
    static func ofServers(_ text: String) -> @Sendable (DatabaseServer) -> VitalQuestion.Form {
        { server in server.flavour == .sqlserver ? .statement(text) : .pointless }
    }

    /// A value, or why there is none.
    static func vital(_ rule: VitalRule, _ value: Double?, otherwise reason: String) -> Vital {
        Vital(rule.name, value, unit: rule.unit, reason: value == nil ? reason : nil)
    }
}
