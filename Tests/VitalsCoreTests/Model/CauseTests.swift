import Testing
import VitalsCore

@Suite("Every cause has its class")
struct CauseTests {
    private static let target = [
        "dns_failure", "refused", "unreachable", "reset", "tls_handshake", "tls_cert_expired",
        "too_many_connections", "starting_up", "shutting_down", "backend_unavailable", "corruption",
        "role_mismatch", "http_status", "condition", "unexpected_reply", "heartbeat_missing",
    ]
    private static let partial = [
        "read_only", "write_refused_resource", "lock_timeout", "statement_timeout", "deadlock",
        "commit_stalled", "vital", "condition_warn", "paused",
    ]
    private static let config = [
        "auth_failed", "account_state", "db_forbidden", "db_not_accepting", "host_blocked",
        "tls_unsupported", "tls_cert_untrusted", "tls_cert_name_mismatch", "protocol_mismatch", "privilege",
        "not_provisioned", "bad_configuration",
    ]
    private static let ourselves = ["internal", "cut_off", "rate_limited"]
    private static let conditional = ["dns_nxdomain", "db_missing", "timeout"]

    @Test("the list is closed: every cause is in exactly one class, and no class names another")
    func listIsClosed() {
        let listed = Self.target + Self.partial + Self.config + Self.ourselves + Self.conditional
        #expect(listed.count == 43)
        #expect(Set(listed) == Set(Cause.allCases.map(\.rawValue)))
        #expect(Set(listed).count == listed.count)
    }

    @Test(
        "whatever the phase, the target and the past, these are always of one class",
        arguments: [
            (CauseClass.target, target), (.partial, partial), (.config, config), (.self, ourselves),
        ])
    func fixed(expected: CauseClass, names: [String]) throws {
        for name in names {
            let cause = try #require(Cause(rawValue: name))
            for phase in Phase.allCases {
                for isDatabase in [true, false] {
                    for hasPassed in [true, false] {
                        let actual = cause.causeClass(
                            in: phase, isDatabase: isDatabase, hasPassed: hasPassed)
                        #expect(actual == expected, "\(name) in \(phase)")
                    }
                }
            }
        }
    }

    @Test(
        "a name or database that has never been seen is a mistake in writing it, else an outage",
        arguments: [Cause.dnsNXDomain, .dbMissing], Phase.allCases)
    func missing(cause: Cause, phase: Phase) {
        for isDatabase in [true, false] {
            #expect(cause.causeClass(in: phase, isDatabase: isDatabase, hasPassed: true) == .target)
            #expect(cause.causeClass(in: phase, isDatabase: isDatabase, hasPassed: false) == .config)
        }
    }

    @Test("a service's timeout is a failure in any phase", arguments: Phase.allCases, [true, false])
    func serviceTimeout(phase: Phase, hasPassed: Bool) {
        #expect(Cause.timeout.causeClass(in: phase, isDatabase: false, hasPassed: hasPassed) == .target)
    }

    @Test(
        "a database's timeout is partial once it reads, writes or measures",
        arguments: [
            (Phase.resolve, CauseClass.target), (.connect, .target), (.tls, .target), (.greeting, .target),
            (.authenticate, .target), (.session, .target), (.read, .partial), (.write, .partial),
            (.vitals, .partial),
        ])
    func databaseTimeout(phase: Phase, expected: CauseClass) {
        #expect(Cause.timeout.causeClass(in: phase, isDatabase: true, hasPassed: true) == expected)
        #expect(Cause.timeout.causeClass(in: phase, isDatabase: true, hasPassed: false) == expected)
    }

    @Test(
        "the class decides the outcome",
        arguments: [
            (CauseClass.target, Outcome.fail), (.partial, .warn), (.config, .fail), (.self, .inconclusive),
        ])
    func outcome(causeClass: CauseClass, outcome: Outcome) {
        #expect(causeClass.outcome == outcome)
    }
}
