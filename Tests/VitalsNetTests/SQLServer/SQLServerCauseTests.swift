import Testing
import VitalsCore

@testable import VitalsNet

@Suite("An error of a SQL Server")
struct SQLServerCauseTests {
    private func cause(
        _ moment: SQLServerCause.Moment, _ number: Int32, state: UInt8 = 1, severity: UInt8 = 16
    ) -> Cause {
        SQLServerCause.of(
            SQLServerError(number: number, state: state, severity: severity, message: "no"), at: moment)
    }

    @Test(
        "has its cause by its number, whenever it comes",
        arguments: [
            (Cause.authFailed, [18_452]), (.accountState, [18_470, 18_486, 18_487, 18_488, 17_892]),
            (.dbMissing, [4_060]), (.dbForbidden, [916, 4_064]),
            (.dbNotAccepting, [927, 942, 945, 952, 976, 978, 983, 18_461]), (.hostBlocked, [40_615]),
            (.tooManyConnections, [17_809, 10_928, 10_929, 10_936]), (.startingUp, [921, 40_613, 40_197]),
            (.shuttingDown, [6_005, 17_142, 596]), (.backendUnavailable, [40_501]),
            (.tlsUnsupported, [17_835]), (.readOnly, [3_906]),
            (.writeRefusedResource, [9_002, 1_105, 1_101]),
            (.lockTimeout, [1_222]), (.deadlock, [1_205]), (.privilege, [229, 262, 297, 300]),
            (.notProvisioned, [208]), (.corruption, [823, 824, 825, 605]),
        ] as [(Cause, [Int32])])
    func numbers(expected: Cause, numbers: [Int32]) {
        for moment in SQLServerCause.Moment.allCases {
            for number in numbers { #expect(cause(moment, number) == expected, "\(number)") }
        }
    }

    @Test(
        "that refuses a login tells by its state why, where the server says it",
        arguments: [
            (1, Cause.authFailed), (8, .authFailed), (58, .authFailed), (7, .accountState),
            (18, .accountState), (13, .shuttingDown), (38, .dbMissing),
        ] as [(UInt8, Cause)])
    func states(state: UInt8, expected: Cause) {
        #expect(cause(.login, 18_456, state: state) == expected)
    }

    @Test("may mean one thing at the door and another inside")
    func moments() {
        #expect(cause(.login, 701) == .backendUnavailable)
        #expect(cause(.query, 701) == .writeRefusedResource)
        #expect(cause(.login, 911) == .dbMissing)
        #expect(cause(.query, 911) == .notProvisioned)
    }

    @Test(
        "of an unknown number has its cause by how severe it is",
        arguments: [
            (13, Cause.deadlock, Cause.deadlock), (14, .authFailed, .privilege),
            (16, .backendUnavailable, .unexpectedReply), (17, .backendUnavailable, .writeRefusedResource),
            (20, .backendUnavailable, .backendUnavailable), (24, .corruption, .corruption),
        ] as [(UInt8, Cause, Cause)])
    func severities(severity: UInt8, login: Cause, query: Cause) {
        #expect(cause(.login, 60_000, severity: severity) == login)
        #expect(cause(.query, 60_000, severity: severity) == query)
    }

    @Test("is, of several, the one that says most")
    func telling() {
        func error(_ number: Int32) -> SQLServerError { SQLServerError(number: number, message: "no") }
        #expect(SQLServerCause.telling([4_060, 18_456].map(error))?.number == 4_060)
        #expect(SQLServerCause.telling([18_456, 4_060, 976].map(error))?.number == 976)
        #expect(SQLServerCause.telling([547, 3_621].map(error))?.number == 547)
        #expect(SQLServerCause.telling([]) == nil)
    }

    @Test("of our own making counts only against what has passed before")
    func classes() {
        let expected: [(Int32, CauseClass)] = [
            (18_456, .config), (18_486, .config), (40_615, .config), (17_809, .target), (40_613, .target),
            (17_142, .target), (824, .target), (3_906, .partial), (1_222, .partial), (9_002, .partial),
            (229, .config), (983, .config),
        ]
        for (number, expected) in expected {
            let found = cause(.query, number).causeClass(in: .session, isDatabase: true, hasPassed: false)
            #expect(found == expected, "\(number)")
        }
    }
}
