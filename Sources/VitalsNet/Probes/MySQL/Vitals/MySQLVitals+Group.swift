import VitalsCore

extension MySQLVitals {
    /// The members of a replication group, where the server is one: that much everybody may know of it.
    static let group = VitalQuestion(
        memberRules,
        then: { rows, _ in (rows.first?.text(1) ?? "").isEmpty ? nil : members },
        form: { server in
            guard server.flavour == .mysql, server.isAtLeast(5, 7, 17) else { return .pointless }
            return .statement("SHOW GLOBAL VARIABLES LIKE 'group_replication_group_name'")
        },
        read: { _, _ in [] })

    private static let memberRules = [
        VitalRule("group_members", "members of the replication group", every: quick),
        VitalRule(
            "group_members_not_online", "members of the replication group that are not online", every: quick,
            critical: 0, clear: 0.5),
    ]

    private static let members = VitalQuestion(
        memberRules, remedy: performanceSchema,
        form: { _ in
            .statement(
                """
                SELECT MEMBER_STATE, MEMBER_HOST, MEMBER_PORT \
                FROM performance_schema.replication_group_members
                """)
        },
        read: { rows, _ in
            let missing = rows.filter { $0.text(0) != "ONLINE" }
            let detail = missing.prefix(5).map { row in
                "\(row.text(1) ?? "?"):\(row.text(2) ?? "?") is \(row.text(0) ?? "?")"
            }
            return [
                Vital("group_members", Double(rows.count)),
                Vital(
                    "group_members_not_online", Double(missing.count),
                    detail: detail.isEmpty ? nil : detail.joined(separator: "; ")),
            ]
        })
}
