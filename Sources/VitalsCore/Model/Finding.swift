/// Something wrong that a run found. A run may find several; its fault is the one that decides its outcome.
package struct Finding: Sendable, Equatable {
    package enum Severity: String, Sendable, CaseIterable {
        case warning, critical
    }

    package let cause: Cause
    package let severity: Severity
    /// For people; already scrubbed of every secret, and at most 1 KiB.
    package let message: String

    package init(_ cause: Cause, _ severity: Severity, _ message: String) {
        self.cause = cause
        self.severity = severity
        self.message = message
    }
}

extension Finding {
    /// The fault of a run as one of its findings.
    package init(_ fault: Fault, of outcome: Outcome) {
        let severity: Severity =
            switch (outcome, fault.cause) {
            case (.fail, _), (_, .commitStalled), (_, .writeRefusedResource): .critical
            case (.pass, _), (.warn, _), (.inconclusive, _): .warning
            }
        self.init(fault.cause, severity, fault.message)
    }
}

extension ProbeResult {
    /// Everything that is wrong: the fault first, unless it is a vital, which stands among the others.
    package func everyFinding(of outcome: Outcome) -> [Finding] {
        guard let fault, fault.cause != .vital || findings.isEmpty else { return findings }
        return [Finding(fault, of: outcome)] + findings
    }
}
