package import VitalsEngine

/// What a database needs so that it can be watched with no more rights than that takes: a user, grants, and
/// the table of the write probe.
package struct Provisioning: Sendable {
    /// SQL with what it is for, to be read and run by whoever may.
    package let text: String
    /// What runs it, once, with the rights of the target's own user.
    package let applying: any Probe
    /// What is still to be done by hand, one sentence each.
    package let remarks: [String]
    /// Whether what fails leaves nothing behind of what was run before it.
    package let isAllOrNothing: Bool

    init(text: String, applying: any Probe, remarks: [String], isAllOrNothing: Bool = true) {
        self.text = text
        self.applying = applying
        self.remarks = remarks
        self.isAllOrNothing = isAllOrNothing
    }

    /// A user's name that every server takes, quoted or not.
    ///
    /// - Throws: what is wrong with it.
    static func role(_ name: String) throws(TargetError) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7F && !"'\"\\`$".unicodeScalars.contains(scalar)
        }
        guard (1...63).contains(name.utf8.count), isPlain else {
            throw TargetError(
                "the user that watches has a name that is not set up here: write it without quotes, "
                    + "backslashes and dollars, at most 63 bytes")
        }
        return name
    }

    /// Lines of a comment, and the statements that they are about.
    static func section(_ comment: String, _ statements: [String]) -> String {
        comment.split(separator: "\n").map { "-- \($0)\n" }.joined()
            + statements.map { "\($0);\n" }.joined()
    }
}

extension Network {
    /// What a target needs.
    ///
    /// - Parameters:
    ///   - role: who watches; nothing: the target's own user.
    ///   - table: of the write probe; nothing: the usual one.
    /// - Throws: when the target cannot be read, or nothing has to be done for targets of its kind.
    package func provisioning(
        of target: String, for role: String?, table: String?
    ) throws(TargetError) -> Provisioning {
        let scheme = target.prefix { $0 != ":" }.lowercased()
        switch scheme {
        case "postgres", "postgresql": return try postgresProvisioning(target, role, table)
        case "mysql", "mariadb": return try mysqlProvisioning(target, role, table)
        case "sqlite", "sqlite3", "file": return try sqliteProvisioning(target, table)
        case "sqlserver", "mssql": return try sqlServerProvisioning(target, role, table)
        case _ where RedisDSNForm.schemes.contains(scheme): return try redisProvisioning(target, role, table)
        default:
            throw TargetError(
                "only postgres://, mysql://, redis://, sqlite:// and sqlserver:// targets have something "
                    + "to be set up")
        }
    }
}
