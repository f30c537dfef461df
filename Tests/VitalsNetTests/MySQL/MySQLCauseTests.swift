import Testing
import VitalsCore

@testable import VitalsNet

@Suite("An error of a MySQL server")
struct MySQLCauseTests {
    private func cause(_ moment: MySQLCause.Moment, _ number: UInt16, _ state: String = "HY000") -> Cause {
        MySQLCause.of(MySQLServerError(number: number, state: state, message: "no"), at: moment)
    }

    @Test(
        "has its cause by its number, whenever it comes",
        arguments: [
            (Cause.authFailed, [1045, 1698, 1251, 2059, 3159, 1275, 1524]),
            (.accountState, [1820, 1862, 3118, 4151, 4150, 3955, 1226]), (.dbForbidden, [1044]),
            (.hostBlocked, [1129, 1130]), (.tooManyConnections, [1040, 1203]),
            (.shuttingDown, [1053, 3169, 1927]), (.backendUnavailable, [3032, 1047, 1135, 9001]),
            (.readOnly, [1290, 1792, 1836]), (.writeRefusedResource, [1021, 1114]),
            (.lockTimeout, [1205]), (.statementTimeout, [3024, 1969, 1317]), (.deadlock, [1213]),
            (.privilege, [1142, 1143, 1227]), (.notProvisioned, [1146]),
            (.corruption, [1034, 126, 145, 1194]), (.protocolMismatch, [1043]), (.reset, [1159, 4031]),
        ] as [(Cause, [UInt16])])
    func numbers(expected: Cause, numbers: [UInt16]) {
        for moment in MySQLCause.Moment.allCases {
            for number in numbers { #expect(cause(moment, number) == expected, "\(number)") }
        }
    }

    @Test("may mean one thing at the door and another inside")
    func moments() {
        #expect(cause(.login, 1049) == .dbMissing)
        #expect(cause(.query, 1049) == .notProvisioned)
        #expect(cause(.login, 1041) == .backendUnavailable)
        #expect(cause(.query, 1041) == .writeRefusedResource)
        #expect(cause(.login, 1105) == .backendUnavailable)
        #expect(cause(.query, 1105) == .unexpectedReply)
        #expect(cause(.login, 1064, "42000") == .badConfiguration)
        #expect(cause(.query, 1064, "42000") == .unexpectedReply)
    }

    @Test(
        "of an unknown number has its cause by SQLSTATE",
        arguments: [
            ("08S01", Cause.backendUnavailable), ("28000", .authFailed), ("40001", .deadlock),
            ("70100", .statementTimeout), ("25006", .readOnly), ("", .unexpectedReply),
        ])
    func states(state: String, expected: Cause) {
        #expect(cause(.query, 60_000, state) == expected)
    }

    @Test("of our own making counts only against what has passed before")
    func classes() {
        let expected: [(UInt16, CauseClass)] = [
            (1045, .config), (1226, .config), (1129, .config), (4151, .config), (1040, .target),
            (1053, .target), (3032, .target), (1034, .target), (1290, .partial), (1205, .partial),
            (1021, .partial), (1227, .config),
        ]
        for (number, expected) in expected {
            let cause = cause(.query, number)
            #expect(cause.causeClass(in: .read, isDatabase: true, hasPassed: true) == expected, "\(number)")
        }
    }
}
