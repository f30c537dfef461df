package import VitalsCore
package import VitalsEngine

extension ProbeJob {
    /// A run on demand, for a test that only cares about its deadline.
    package static func manual(_ timeout: Duration) -> ProbeJob {
        ProbeJob(at: Fixture.at(0), trigger: .manual, timeout: timeout)
    }
}

/// Values for tests that want one of a kind and do not care about the rest of it.
package enum Fixture {
    /// Seconds after an instant that is a whole day.
    package static func at(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: 1_795_219_200_000_000 + seconds * 1_000_000)
    }

    /// A PostgreSQL check every 10 s.
    package static func healthCheck(
        _ system: String, _ check: String, interval: Duration = .seconds(10), isEnabled: Bool = true,
        revision: String = "0a", vitals: [VitalRule] = []
    ) -> HealthCheck {
        HealthCheck(
            system: SystemID(system), check: CheckID(check), kind: ProbeKind("postgres", isDatabase: true),
            isEnabled: isEnabled,
            policy: Policy(
                interval: interval, timeout: min(.seconds(5), interval), thresholds: Thresholds(),
                confirmEvery: Policy.defaultConfirmEvery(interval: interval), vitals: vitals),
            revision: Revision(revision))
    }

    /// A pass of 412 µs that began when it was due.
    package static func pass(
        of healthCheck: HealthCheckID, at: Timestamp, trigger: Trigger = .scheduled
    ) -> Run {
        Run(
            of: healthCheck, at: at, startedAt: at, trigger: trigger, outcome: .pass,
            result: ProbeResult(
                latency: .microseconds(412),
                phases: [
                    PhaseTiming(.resolve, .microseconds(11)), PhaseTiming(.connect, .microseconds(300)),
                ]))
    }

    /// A fail by a refused connection that began when it was due.
    package static func fail(
        of healthCheck: HealthCheckID, at: Timestamp, trigger: Trigger = .scheduled,
        cause: Cause = .refused, message: String = "connection refused by 127.0.0.1:5433", trace: String = ""
    ) -> Run {
        Run(
            of: healthCheck, at: at, startedAt: at, trigger: trigger, outcome: .fail,
            result: ProbeResult(
                fault: Fault(cause, in: .connect, code: "ECONNREFUSED", message: message),
                latency: .microseconds(410),
                phases: [
                    PhaseTiming(.resolve, .microseconds(11)), PhaseTiming(.connect, .microseconds(399)),
                ], trace: trace))
    }
}
