import VitalsCore

extension PostgresVitals {
    /// What our user may, whatever it was granted directly or through others: 1 or 0.
    static let capabilities = VitalQuestion(
        roles.map { VitalRule("capability_\($0)", "whether our user is a member of \($0)", every: hourly) },
        form: { _ in
            .statement("SELECT \(roles.map { "pg_has_role('\($0)', 'USAGE')" }.joined(separator: ", "))")
        },
        read: { rows, server in
            zip(roles, rows.first ?? []).map { role, answer in
                let vital = Vital("capability_\(role)", answer == "t" ? 1 : 0)
                return answer == "t"
                    ? vital : vital.explained(by: server.remedy("GRANT \(role) TO CURRENT_USER"))
            }
        })

    private static let roles = ["pg_monitor", "pg_read_all_stats"]
}
