import VitalsCore

/// What an error of a MySQL or MariaDB server means.
///
/// The number decides, which is never translated and which both share up to 3000; then SQLSTATE.
enum MySQLCause {
    /// How far the session was.
    enum Moment: CaseIterable {
        /// Up to the OK that lets us in, the opening of the database included.
        case login
        case query
    }

    static func of(_ error: MySQLServerError, at moment: Moment) -> Cause {
        exact[error.number] ?? ambiguous(error.number, moment) ?? general(error, moment)
    }

    /// Whether it is the database that the server does not let us into, and not the server.
    static func isAboutDatabase(_ error: MySQLServerError) -> Bool {
        [1044, 1049].contains(error.number)
    }

    private static let exact = table([
        // Access denied; also to an account that wants TLS and has none. 1251, 1275, 1524, 2059: a plugin.
        // 3159 and 1835 of MariaDB: only over TLS.
        (.authFailed, [1045, 1698, 1251, 1275, 1524, 2059, 2061, 3159]),
        // A password that is over, an account that is locked, or has used up what it may use.
        (.accountState, [1820, 1862, 1226, 3118, 3955, 4150, 4151]),
        (.dbForbidden, [1044]),
        (.hostBlocked, [1129, 1130]),
        (.tooManyConnections, [1040, 1203]),
        // 1927, 3169: the session was killed, as all are in a shutdown.
        (.shuttingDown, [1053, 1927, 3169]),
        // No thread; offline mode; a Galera node without its cluster (1047); what proxies say of the servers
        // behind them, some in the numbers of clients.
        (.backendUnavailable, [1047, 1135, 3032, 2002, 2003, 2006, 2013, 9001, 9002, 9006]),
        (.readOnly, [1290, 1792, 1836]),
        // The disk or a table is full.
        (.writeRefusedResource, [1021, 1114]),
        (.lockTimeout, [1205, 3572]),
        (.statementTimeout, [1317, 1969, 3024]),
        (.deadlock, [1213, 1614, 3101]),
        (.privilege, [1142, 1143, 1227, 1370]),
        (.notProvisioned, [1146]),
        // Of tables and indexes; 126 and 145 are the storage engine's own.
        (.corruption, [126, 145, 1034, 1035, 1194, 1195, 1712, 1877]),
        // Packets that could not be read, or not in time.
        (.reset, [1152, 1158, 1159, 1160, 1161, 1184, 4031]),
        (.protocolMismatch, [1043, 1156]),
    ])

    private static func table(_ rows: [(Cause, [UInt16])]) -> [UInt16: Cause] {
        var table: [UInt16: Cause] = [:]
        for (cause, numbers) in rows {
            for number in numbers { table[number] = cause }
        }
        return table
    }

    private static func ambiguous(_ number: UInt16, _ moment: Moment) -> Cause? {
        switch number {
        case 1049: moment == .login ? .dbMissing : .notProvisioned
        // Out of memory.
        case 1037, 1038, 1041: moment == .login ? .backendUnavailable : .writeRefusedResource
        default: nil
        }
    }

    /// By the class of SQLSTATE, its first two characters.
    private static func general(_ error: MySQLServerError, _ moment: Moment) -> Cause {
        switch (error.state.prefix(2), moment) {
        case ("08", _): .backendUnavailable
        case ("28", _): .authFailed
        case ("40", _): .deadlock
        case ("25", .query): .readOnly
        case ("70", _): .statementTimeout
        case ("42", .login): .badConfiguration
        case (_, .login): .backendUnavailable
        default: .unexpectedReply
        }
    }
}
