import VitalsCore

/// What an error of a SQL Server means. The number decides, which is never translated; then how severe the
/// server calls it.
enum SQLServerCause {
    /// How far the session was.
    enum Moment: CaseIterable {
        /// Up to the word that lets us in, the opening of the database included.
        case login
        case query
    }

    static func of(_ error: SQLServerError, at moment: Moment) -> Cause {
        if error.number == 18_456 { return refusal(error.state) }
        return exact[error.number] ?? ambiguous(error.number, moment) ?? general(error.severity, moment)
    }

    /// Of several errors the one that says most: a login that fails for its database ends with the words that
    /// it failed, and the reason stands before.
    static func telling(_ errors: [SQLServerError]) -> SQLServerError? {
        func rank(_ error: SQLServerError) -> Int {
            switch error.number {
            case 18_456: 3
            case 4_060, 4_064: 2
            // The statement, or the transaction, has been terminated.
            case 3_621, 3_609: 1
            default: 0
            }
        }
        return errors.enumerated().min { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }?
            .element
    }

    /// Whether it is the database that the server does not let us into, and not the server.
    static func isAboutDatabase(_ error: SQLServerError) -> Bool {
        switch of(error, at: .login) {
        case .dbMissing, .dbForbidden: true
        case .dbNotAccepting: error.number != 18_461
        default: false
        }
    }

    /// Whether our user may not: of an object, a database, the server's state.
    static let wantOfRights: Set<Int32> = [229, 230, 262, 297, 300, 371, 916, 15_247]

    /// A login that failed: most servers tell everybody the state 1, and keep the reason for their log.
    private static func refusal(_ state: UInt8) -> Cause {
        switch state {
        // The login is disabled; its password must be changed.
        case 7, 18: .accountState
        // Paused.
        case 13: .shuttingDown
        // No such database, or none that opens.
        case 16, 27, 38, 40, 46, 126: .dbMissing
        default: .authFailed
        }
    }

    private static let exact = table([
        // A login of a Windows domain.
        (.authFailed, [18_452]),
        // Disabled, locked, expired, to be changed; a trigger that will not have it.
        (.accountState, [17_892, 18_470, 18_486, 18_487, 18_488]),
        (.dbMissing, [4_060, 4_063]), (.dbForbidden, [916, 4_064]),
        // Restoring, offline, in transition, without its files; for one user only; a mirror; a secondary that
        // cannot be read, or only by who says that it will only read; one that has lost its group. 18461: the
        // whole server, for one administrator only.
        (
            .dbNotAccepting,
            [
                922, 924, 927, 941, 942, 943, 944, 945, 946, 951, 952, 954, 955, 976, 978, 979, 981, 982, 983,
                988, 18_461,
            ]
        ),
        // A firewall of Azure's.
        (.hostBlocked, [40_615, 40_914, 47_073]),
        // Of the server, of its licence, of the resources that a database of Azure's may use.
        (
            .tooManyConnections,
            [
                10_928, 10_929, 10_936, 17_300, 17_809, 17_810, 18_458, 18_459, 18_460, 49_918, 49_919,
                49_920,
            ]
        ),
        // The server, or a database, is not recovered yet; one of Azure's moves, or was asleep.
        (.startingUp, [921, 17_187, 18_401, 40_197, 40_613, 42_108, 42_109]),
        // Paused counts as that: nobody new is let in.
        (.shuttingDown, [596, 6_005, 6_006, 17_142, 17_147, 17_148, 17_188, 18_451]),
        (.backendUnavailable, [9_001, 17_197, 40_143, 40_166, 40_501, 40_540]),
        (.badConfiguration, [40_531, 40_532]),
        (.tlsUnsupported, [17_835]), (.protocolMismatch, [17_828, 17_832, 17_836]),
        (.readOnly, [3_906]),
        // A log, a file or a disk is full; locks; what a database of Azure's may use.
        (
            .writeRefusedResource,
            [
                1_101, 1_105, 1_204, 5_149, 8_628, 9_002, 40_544, 40_551, 40_552, 40_553, 41_805, 41_823,
                41_840,
            ]
        ),
        (.lockTimeout, [1_222]), (.statementTimeout, [8_649, 40_549, 40_550]),
        // The last two: a snapshot that was overtaken.
        (.deadlock, [1_205, 3_960, 41_302]),
        (.privilege, [229, 230, 262, 297, 300, 371, 15_247]), (.notProvisioned, [208]),
        // A page, a file, or the whole database (926, suspect; 3908, emergency).
        (.corruption, [601, 605, 823, 824, 825, 926, 3_908, 5_180, 5_242, 5_243, 7_105]),
    ])

    private static func table(_ rows: [(Cause, [Int32])]) -> [Int32: Cause] {
        var table: [Int32: Cause] = [:]
        for (cause, numbers) in rows {
            for number in numbers { table[number] = cause }
        }
        return table
    }

    private static func ambiguous(_ number: Int32, _ moment: Moment) -> Cause? {
        switch number {
        case 911: moment == .login ? .dbMissing : .notProvisioned
        // Out of memory, or waited for it in vain.
        case 701, 802, 8_645, 8_651, 8_657: moment == .login ? .backendUnavailable : .writeRefusedResource
        default: nil
        }
    }

    private static func general(_ severity: UInt8, _ moment: Moment) -> Cause {
        switch (severity, moment) {
        case (13, _): .deadlock
        case (14, .login): .authFailed
        case (14, .query): .privilege
        case (17, .query): .writeRefusedResource
        // Of a table, of a database, of the disk.
        case (22...24, _): .corruption
        case (19..., _), (_, .login): .backendUnavailable
        default: .unexpectedReply
        }
    }
}
