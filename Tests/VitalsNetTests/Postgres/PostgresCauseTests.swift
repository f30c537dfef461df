import Testing
import VitalsCore

@testable import VitalsNet

@Suite("An error of a PostgreSQL server")
struct PostgresCauseTests {
    private typealias Moment = PostgresCause.Moment

    private func cause(
        _ moment: Moment, _ code: String, _ text: String = "", routine: String = ""
    ) -> Cause {
        PostgresCause.of(
            PostgresServerError(severity: "FATAL", code: code, message: text, routine: routine), at: moment)
    }

    @Test(
        "has its cause by its code, whenever it comes",
        arguments: [
            ("28P01", Cause.authFailed), ("28000", .authFailed), ("3D000", .dbMissing), ("57P04", .dbMissing),
            ("53300", .tooManyConnections), ("57P03", .startingUp), ("57P01", .shuttingDown),
            ("57P02", .shuttingDown),
            ("25006", .readOnly), ("53100", .writeRefusedResource), ("54000", .writeRefusedResource),
            ("55P03", .lockTimeout), ("57014", .statementTimeout), ("40P01", .deadlock), ("40001", .deadlock),
            ("XX001", .corruption), ("XX002", .corruption), ("58030", .corruption),
            ("42P01", .notProvisioned),
            ("3F000", .notProvisioned), ("53200", .backendUnavailable), ("08006", .backendUnavailable),
            ("08P01", .protocolMismatch), ("28XXX", .authFailed), ("P0001", .unexpectedReply),
            ("", .unexpectedReply),
        ])
    func codes(code: String, expected: Cause) {
        for moment in Moment.allCases { #expect(cause(moment, code) == expected) }
    }

    @Test("may mean one thing at the door and another inside")
    func moments() {
        #expect(cause(.start, "42501") == .dbForbidden)
        #expect(cause(.query, "42501") == .privilege)
        #expect(cause(.start, "55000") == .dbNotAccepting)
        #expect(cause(.query, "55000") == .unexpectedReply)
        #expect(cause(.login, "0A000") == .protocolMismatch)
        #expect(cause(.start, "22023") == .badConfiguration)
        #expect(cause(.start, "XX000") == .backendUnavailable)
        #expect(cause(.query, "XX000") == .unexpectedReply)
    }

    @Test("is told from its like by what is not translated, or else by its text")
    func alike() {
        #expect(cause(.login, "28000", "kein Eintrag", routine: "ClientAuthentication") == .hostBlocked)
        #expect(cause(.login, "28000", "no pg_hba.conf entry for host") == .hostBlocked)
        #expect(
            cause(.start, "28000", "role may not log in", routine: "InitializeSessionUserId") == .authFailed)
        #expect(cause(.login, "57P03", "the database system is shutting down") == .shuttingDown)
        #expect(cause(.login, "57P03", "the database system is not accepting connections") == .dbNotAccepting)
        #expect(cause(.login, "57P03", "the database system is not yet accepting connections") == .startingUp)
        #expect(cause(.login, "57P03", "das Datenbanksystem startet") == .startingUp)
        #expect(cause(.login, "XX000", "Tenant or user not found") == .authFailed)
    }

    @Test(
        "has its cause by its text when it is PgBouncer's",
        arguments: [
            ("password authentication failed", Cause.authFailed), ("SASL authentication failed", .authFailed),
            ("no such user: x", .authFailed), ("no such database: x", .dbMissing),
            ("no more connections allowed (max_client_conn)", .tooManyConnections),
            ("SSL required", .tlsUnsupported),
            ("query_wait_timeout", .backendUnavailable), ("login rejected", .hostBlocked),
            ("server login has been failing, try again later (server_login_retry)", .backendUnavailable),
            ("unsupported startup parameter: options", .badConfiguration),
            ("database \"x\" is disabled", .dbNotAccepting),
            ("server conn crashed?", .backendUnavailable), ("something new", .protocolMismatch),
        ])
    func pooler(text: String, expected: Cause) {
        #expect(cause(.login, "08P01", text) == expected)
    }
}
